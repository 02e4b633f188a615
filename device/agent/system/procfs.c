/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "system/procfs.h"

/* The number that follows `name` and @mark. */
static int64_t number_after(const char *path, const char *name, char mark)
{
	size_t length = strlen(name);
	char line[256];
	int64_t number = -1;
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	while (number < 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, name, length) == 0 && line[length] == mark)
			number = strtoll(line + length + 1, NULL, 10);
	fclose(file);
	return number;
}

int64_t procfs_field(const char *path, const char *name)
{
	return number_after(path, name, ':');
}

int64_t procfs_word(const char *path, const char *name)
{
	return number_after(path, name, ' ');
}

int64_t meminfo_bytes(const char *name)
{
	int64_t kib = procfs_field("/proc/meminfo", name);

	return kib < 0 ? -1 : kib * 1024;
}

int64_t memory_of_machine(const char *name)
{
	struct sysinfo info;
	int64_t bytes = meminfo_bytes(name);

	if (bytes >= 0 || sysinfo(&info))
		return bytes;
	return (int64_t)(strcmp(name, "MemTotal") ? info.freeram + info.bufferram : info.totalram) * info.mem_unit;
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
