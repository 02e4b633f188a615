/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system_file.h"

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

bool system_line(char *line, size_t room, const char *path, ...)
{
	char full[PATH_MAX];
	va_list values;

	va_start(values, path);
	vsnprintf(full, sizeof(full), path, values);
	va_end(values);
	return first_line(full, line, room);
}

int64_t system_number(const char *path, ...)
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

int system_write(const char *path, const char *value)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t put;

	if (file < 0)
		return -1;
	put = write(file, value, strlen(value));
	close(file);
	return put < 0 ? -1 : 0;
}

int64_t system_field(const char *path, const char *name)
{
	size_t length = strlen(name);
	char line[256];
	int64_t number = -1;
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	while (number < 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			number = strtoll(line + length + 1, NULL, 10);
	fclose(file);
	return number;
}

int64_t meminfo_bytes(const char *name)
{
	int64_t kib = system_field("/proc/meminfo", name);

	return kib < 0 ? -1 : kib * 1024;
}

bool processor_model(char *name, size_t room)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		char *value = strncmp(line, "model name", 10) == 0 ? strchr(line, ':') : NULL;

		if (!value)
			continue;
		value += 1 + strspn(value + 1, " ");
		snprintf(name, room, "%.*s", (int)strcspn(value, "\n"), value);
		found = true;
	}
	fclose(file);
	return found;
}
