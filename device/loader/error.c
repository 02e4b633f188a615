/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "error.h"

static void fill(struct dmabuf_loader_error *error, int number, bool refused, const char *format, va_list values)
{
	error->error = number;
	error->refused = refused;
	vsnprintf(error->reason, sizeof(error->reason), format, values);
}

int load_failed(struct dmabuf_loader_error *error, int number, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	fill(error, number, false, format, values);
	va_end(values);
	return -1;
}

int load_refused(struct dmabuf_loader_error *error, int number, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	fill(error, number, true, format, values);
	va_end(values);
	return -1;
}

int load_denied(struct dmabuf_loader_error *error, int number, const char *path)
{
	if (geteuid() == 0)
		return load_refused(error, number,
				    "permission denied on %s, even for root: a security policy (SELinux) forbids it",
				    path);
	return load_refused(error, number, "permission denied on %s: needs root", path);
}
