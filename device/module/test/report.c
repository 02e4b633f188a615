// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int reported, failed;

void report(bool ok, const char *name, const char *why, ...)
{
	va_list args;

	reported++;
	printf("%s %d - %s", ok ? "ok" : "not ok", reported, name);
	if (!ok) {
		failed++;
		printf(": ");
		va_start(args, why);
		vprintf(why, args);
		va_end(args);
	}
	printf("\n");
	fflush(stdout);
}

void pass(const char *name)
{
	report(true, name, "passed");
}

void note(const char *text, ...)
{
	va_list args;

	printf("# ");
	va_start(args, text);
	vprintf(text, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

void bail_out(const char *text, ...)
{
	int error = errno;
	va_list args;

	printf("Bail out! ");
	va_start(args, text);
	vprintf(text, args);
	va_end(args);
	printf(": %s\n", strerror(error));
	exit(2);
}

int report_end(void)
{
	printf("1..%d\n", reported);
	return failed ? 1 : 0;
}
