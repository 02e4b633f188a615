/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
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

/* What owner and mode admit this process to. access() would not tell: a policy such as SELinux may answer there, too. */
static unsigned int admitted(const struct stat *status)
{
	gid_t groups[NGROUPS_MAX];
	int count = getgroups(NGROUPS_MAX, groups);

	if (status->st_uid == geteuid())
		return status->st_mode >> 6 & 7;
	if (status->st_gid == getegid())
		return status->st_mode >> 3 & 7;
	for (int i = 0; i < count; i++)
		if (status->st_gid == groups[i])
			return status->st_mode >> 3 & 7;
	return status->st_mode & 7;
}

bool load_mode_admits(const char *path, unsigned int access)
{
	struct stat status;

	return stat(path, &status) == 0 && (admitted(&status) & access) == access;
}

int load_denied(struct dmabuf_loader_error *error, int number, const char *path, unsigned int access)
{
	const char *name = number == EPERM ? "EPERM" : "EACCES";
	struct stat status;

	if (geteuid() == 0)
		return load_refused(error, number, "%s on %s, even for root: a security policy (SELinux) forbids it",
				    name, path);
	if (stat(path, &status))
		return load_refused(error, number, "%s on %s: needs root", name, path);
	if (load_mode_admits(path, access))
		return load_refused(error, number,
				    "%s on %s, whose mode %04o admits this user: a security policy (SELinux) forbids "
				    "it, and may forbid it to root",
				    name, path, status.st_mode & 07777);
	return load_refused(error, number, "%s on %s: its mode %04o needs root", name, path, status.st_mode & 07777);
}
