/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol/failure.h"
#include "protocol/json.h"

const char *errno_name(int number)
{
	const char *name = number ? strerrorname_np(number) : NULL;

	return number && !name ? "unknown errno" : name;
}

int report_failure(const char *kind, int number, const char *hint, const char *format, ...)
{
	char message[8192];
	va_list values;

	va_start(values, format);
	vsnprintf(message, sizeof(message), format, values);
	va_end(values);
	json_line("error");
	json_string("kind", kind);
	json_string("message", message);
	json_string("hint", hint);
	if (number)
		json_string("errno", errno_name(number));
	json_line_end();
	return strcmp(kind, BAD_INPUT) == 0 ? EXIT_USAGE : EXIT_ERROR;
}
