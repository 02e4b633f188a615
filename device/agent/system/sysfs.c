/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/sysfs.h"

static bool first_line(const char *path, char *line, size_t room)
{
	FILE *file = fopen(path, "re");
	bool got;

	if (!file)
		return false;
	got = fgets(line, (int)room, file) != NULL;
	fclose(file);
	if (got)
		line[strcspn(line, "\n")] = '\0';
	return got;
}

bool sysfs_line(char *line, size_t room, const char *path, ...)
{
	char full[PATH_MAX];
	va_list values;

	va_start(values, path);
	vsnprintf(full, sizeof(full), path, values);
	va_end(values);
	return first_line(full, line, room);
}

int64_t sysfs_number(const char *path, ...)
{
	char full[PATH_MAX], line[64], *end;
	int64_t number;
	va_list values;

	va_start(values, path);
	vsnprintf(full, sizeof(full), path, values);
	va_end(values);
	if (!first_line(full, line, sizeof(line)))
		return -1;
	number = strtoll(line, &end, 10);
	return end == line ? -1 : number;
}

int sysfs_write(const char *path, const char *value)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t put;

	if (file < 0)
		return -1;
	put = write(file, value, strlen(value));
	close(file);
	return put < 0 ? -1 : 0;
}
