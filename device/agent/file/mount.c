/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

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
	unescape(words[3]);
	unescape(words[4]);
	unescape(source);
	copy(mount->root, sizeof(mount->root), words[3]);
	copy(mount->point, sizeof(mount->point), words[4]);
	copy(mount->file_system, sizeof(mount->file_system), type);
	copy(mount->source, sizeof(mount->source), source);
	copy(mount->options, sizeof(mount->options), words[5]);
	add_options(mount->options, sizeof(mount->options), options);
	return true;
}

static FILE *open_mounts(void)
{
	return fopen("/proc/self/mountinfo", "re");
}

bool mount_of(const char *path, struct mount *mount)
{
	static struct mount candidate;
	FILE *file = open_mounts();
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

bool mount_of_type(const char *type, const char *option, struct mount *mount)
{
	FILE *file = open_mounts();
	char *line = NULL;
	size_t room = 0;
	bool found = false;

	if (!file)
		return false;
	while (!found && getline(&line, &room, file) > 0)
		found = parse(line, mount) && strcmp(mount->file_system, type) == 0 &&
			(*option == '\0' || lists(mount->options, option));
	free(line);
	fclose(file);
	return found;
}

static uint64_t device_of(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && major(status.st_dev) ? status.st_dev : 0;
}

/* The value of `name=value` among a mount's options; it ends before the next comma. */
static bool option_value(const struct mount *mount, const char *name, char *value, size_t room)
{
	const char *at = mount->options;
	size_t length = strlen(name);

	while ((at = strstr(at, name))) {
		if ((at == mount->options || at[-1] == ',') && at[length] == '=') {
			snprintf(value, room, "%.*s", (int)strcspn(at + length + 1, ","), at + length + 1);
			return true;
		}
		at += length;
	}
	return false;
}

/* A container does not see its layers; then the device stays unknown. */
static uint64_t device_in_layers(const struct mount *mount, const char *path)
{
	static const char *const names[] = { "upperdir", "lowerdir" };
	const char *within = path + (strcmp(mount->point, "/") ? strlen(mount->point) : 0);
	char layers[4096], file[8192];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *next = layers, *layer;

		if (!option_value(mount, names[i], layers, sizeof(layers)))
			continue;
		while ((layer = strsep(&next, ":"))) {
			snprintf(file, sizeof(file), "%s%s", layer, within);
			if (*layer && access(file, F_OK) == 0)
				return device_of(file);
		}
	}
	return 0;
}

uint64_t block_device_of(const char *path)
{
	static struct mount mount;
	char real[PATH_MAX];
	uint64_t device = device_of(path);
	struct stat status;

	if (device || !realpath(path, real) || !mount_of(real, &mount))
		return device;
	if (strcmp(mount.file_system, "overlay") == 0)
		return device_in_layers(&mount, real);
	return stat(mount.source, &status) == 0 && S_ISBLK(status.st_mode) ? status.st_rdev : 0;
}
