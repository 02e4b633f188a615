/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file/mount.h"

/* The kernel writes space, tab, newline and backslash as three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

static bool holds(const char *point, const char *path)
{
	size_t length = strlen(point);

	if (strcmp(point, "/") == 0)
		return true;
	return strncmp(point, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static void copy(char *target, size_t room, const char *source)
{
	snprintf(target, room, "%s", source ? source : "");
}

static bool lists(const char *options, const char *option)
{
	size_t length = strlen(option);

	for (const char *at = options; (at = strstr(at, option)); at += length)
		if ((at == options || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
			return true;
	return false;
}

/* Both lists begin with rw or ro: once is enough where they agree. */
static void add_options(char *options, size_t room, char *more)
{
	char *option;

	while ((option = strsep(&more, ","))) {
		size_t length = strlen(options);

		if (*option && !lists(options, option))
			snprintf(options + length, room - length, ",%s", option);
	}
}

/* id parent major:minor root point options [tags...] - type source options */
static bool parse(char *line, struct mount *mount)
{
	char *rest = strstr(line, " - ");
	char *words[6], *next = line;
	char *type, *source, *options;

	if (!rest)
		return false;
	*rest = '\0';
	rest += 3;
	for (int i = 0; i < 6; i++)
		words[i] = strsep(&next, " ");
	type = strsep(&rest, " ");
	source = strsep(&rest, " ");
	options = strsep(&rest, "\n");
	if (!words[5] || !source)
		return false;
	unescape(words[4]);
	unescape(source);
	copy(mount->point, sizeof(mount->point), words[4]);
	copy(mount->file_system, sizeof(mount->file_system), type);
	copy(mount->source, sizeof(mount->source), source);
	copy(mount->options, sizeof(mount->options), words[5]);
	add_options(mount->options, sizeof(mount->options), options);
	return true;
}

bool mount_of(const char *path, struct mount *mount)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	struct mount candidate;
	char *line = NULL;
	size_t room = 0, best = 0;

	if (!file)
		return false;
	while (getline(&line, &room, file) > 0) {
		/* Later lines are mounted over earlier ones, hence >=. */
		if (!parse(line, &candidate) || !holds(candidate.point, path) || strlen(candidate.point) < best)
			continue;
		best = strlen(candidate.point);
		*mount = candidate;
	}
	free(line);
	fclose(file);
	return best > 0;
}
