/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "file/mount.h"
#include "protocol/failure.h"
#include "protocol/size_text.h"
#include "system/limits.h"
#include "system/procfs.h"
#include "system/sysfs.h"

/* Version 1 says "no limit" with the largest multiple of a page that fits into 63 bits. */
#define LEAST_UNLIMITED (1LL << 60)

/* What a version calls its files (Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst). */
struct memory_files {
	const char *limits[2];
	const char *usage;
	const char *reclaimable[2]; /* lines of memory.stat: page cache, which is given up before anybody is killed */
};

static const struct memory_files version1 = {
	.limits = { "memory.limit_in_bytes", NULL },
	.usage = "memory.usage_in_bytes",
	.reclaimable = { "total_inactive_file", "total_active_file" },
};

static const struct memory_files version2 = {
	.limits = { "memory.max", "memory.high" },
	.usage = "memory.current",
	.reclaimable = { "inactive_file", "active_file" },
};

/* The group of this process in a hierarchy, as a folder; the root of the hierarchy that can be seen is @top. */
struct group {
	char folder[PATH_MAX];
	size_t top; /* length */
};

/* A line of /proc/self/cgroup is `id:controllers:path`; version 2 has no controllers in it. */
static bool path_in_hierarchy(const char *controller, char *path, size_t room)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		char *next = line, *names, *name, *where;

		line[strcspn(line, "\n")] = '\0';
		(void)strsep(&next, ":");
		names = strsep(&next, ":");
		where = next;
		if (!names || !where)
			continue;
		found = *controller == '\0' && *names == '\0';
		while (!found && *controller && (name = strsep(&names, ",")))
			found = strcmp(name, controller) == 0;
		if (found)
			snprintf(path, room, "%s", where);
	}
	fclose(file);
	return found;
}

/* A container sees its own group as the hierarchy's root, and its path may begin with what lies above. */
static bool find_group(const char *type, const char *controller, struct group *group)
{
	static struct mount mount;
	char path[PATH_MAX];
	const char *within = path;
	size_t root;

	if (!path_in_hierarchy(controller, path, sizeof(path)) || !mount_of_type(type, controller, &mount))
		return false;
	root = strcmp(mount.root, "/") ? strlen(mount.root) : 0;
	if (strncmp(path, mount.root, root) == 0)
		within += root;
	if (strcmp(within, "/") == 0 || strstr(within, "/.."))
		within = "";
	group->top = strlen(mount.point);
	return snprintf(group->folder, sizeof(group->folder), "%s%s", mount.point, within) < (int)sizeof(group->folder);
}

/* The group above; false at the top. */
static bool go_up(struct group *group)
{
	char *slash = strrchr(group->folder, '/');

	if (!slash || strlen(group->folder) <= group->top)
		return false;
	*slash = '\0';
	return true;
}

static void take_smaller(int64_t *smallest, int64_t value)
{
	if (value >= 0 && (*smallest < 0 || value < *smallest))
		*smallest = value;
}

/* Files with one number a line, `name number`. */
static int64_t stat_number(const char *folder, const char *name)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/memory.stat", folder);
	return procfs_word(path, name);
}

static int64_t limit_of(const char *folder, const char *name)
{
	int64_t limit = name ? sysfs_number("%s/%s", folder, name) : -1;

	return limit >= LEAST_UNLIMITED ? -1 : limit;
}

static void add_memory_limit(struct limits *limits, const char *folder, const struct memory_files *files)
{
	int64_t limit = -1, used = sysfs_number("%s/%s", folder, files->usage);

	take_smaller(&limit, limit_of(folder, files->limits[0]));
	take_smaller(&limit, limit_of(folder, files->limits[1]));
	if (limit < 0)
		return;
	take_smaller(&limits->memory_bytes, limit);
	for (size_t i = 0; i < 2 && used > 0; i++) {
		int64_t cache = stat_number(folder, files->reclaimable[i]);

		used -= cache > 0 ? cache : 0;
	}
	used = used > 0 ? used : 0;
	take_smaller(&limits->memory_room_bytes, used < limit ? limit - used : 0);
}

static void find_memory_limits(struct limits *limits)
{
	struct group group;

	if (find_group("cgroup", "memory", &group))
		do
			add_memory_limit(limits, group.folder, &version1);
		while (go_up(&group));
	if (find_group("cgroup2", "", &group))
		do
			add_memory_limit(limits, group.folder, &version2);
		while (go_up(&group));
}

/* `quota period` in version 2, "max" for no quota; two files in version 1, -1 for none. */
static void add_processor_limit(struct limits *limits, const char *folder)
{
	long long quota, period;
	char line[64];

	if (sysfs_line(line, sizeof(line), "%s/cpu.max", folder)) {
		if (sscanf(line, "%lld %lld", &quota, &period) != 2)
			return;
	} else {
		quota = sysfs_number("%s/cpu.cfs_quota_us", folder);
		period = sysfs_number("%s/cpu.cfs_period_us", folder);
	}
	if (quota > 0 && period > 0)
		take_smaller(&limits->processor_percent, quota * 100 / period);
}

static void find_processor_limits(struct limits *limits)
{
	struct group group;
	cpu_set_t allowed;

	if (find_group("cgroup", "cpu", &group))
		do
			add_processor_limit(limits, group.folder);
		while (go_up(&group));
	if (find_group("cgroup2", "", &group))
		do
			add_processor_limit(limits, group.folder);
		while (go_up(&group));
	if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
		limits->processors = CPU_COUNT(&allowed);
}

/* One kind of limit: the controller, and its file in version 1 and version 2. */
struct kind {
	const char *controller;
	const char *version1;
	const char *version2;
};

static const struct kind memory = { "memory", "memory.limit_in_bytes", "memory.max" };
static const struct kind processor_time = { "cpu", "cpu.cfs_quota_us", "cpu.max" };

/* PROC_CGROUP_INIT_INO (linux/proc_ns.h): outside of it `/` is a container's group, and not the hierarchy's root. */
static bool in_container(void)
{
	char name[64];
	ssize_t length = readlink("/proc/self/ns/cgroup", name, sizeof(name) - 1);

	if (length < 0)
		return false;
	name[length] = '\0';
	return strcmp(name, "cgroup:[4026531835]") != 0;
}

/* What hinders reading a group's limit, or 0. A group that has no such file is not bound by that controller. */
static int hindrance(const char *folder, const char *name)
{
	char path[PATH_MAX + 32];
	int file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file >= 0)
		return close(file), 0;
	return errno == ENOENT && access(folder, F_OK) == 0 ? 0 : errno;
}

/* Version 1 has this file in the root of a hierarchy only, version 2 this one in every other group. */
static bool is_root(const char *folder, bool version1)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, version1 ? "release_agent" : "cgroup.type");
	return (access(path, F_OK) == 0) == version1;
}

/* Why a limit of this kind may be there unseen; empty where every group up to the root can be read. */
static void tell_hidden(const struct kind *kind, char *reason, size_t room)
{
	static struct group group;
	static char path[PATH_MAX];
	bool version1 = path_in_hierarchy(kind->controller, path, sizeof(path));
	const char *name = version1 ? kind->version1 : kind->version2;
	int error;

	if (!version1 && !path_in_hierarchy("", path, sizeof(path))) {
		if (access("/proc/self/cgroup", R_OK) && errno != ENOENT)
			snprintf(reason, room, "%s on /proc/self/cgroup", errno_name(errno));
		return;
	}
	/* The root of a hierarchy has no limits. */
	if (strcmp(path, "/") == 0 && !in_container())
		return;
	if (!find_group(version1 ? "cgroup" : "cgroup2", version1 ? kind->controller : "", &group)) {
		snprintf(reason, room, "the control group %s is not mounted", path);
		return;
	}
	do {
		error = hindrance(group.folder, name);
		if (error) {
			snprintf(reason, room, "%s on %s/%s", errno_name(error), group.folder, name);
			return;
		}
	} while (go_up(&group));
	if (!is_root(group.folder, version1))
		snprintf(reason, room, "the control groups above %s are out of sight", group.folder);
}

static int64_t ulimit(int which)
{
	struct rlimit limit;

	if (getrlimit(which, &limit) || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT64_MAX)
		return -1;
	return (int64_t)limit.rlim_cur;
}

void limits_find(struct limits *limits)
{
	limits->memory_bytes = -1;
	limits->memory_room_bytes = -1;
	limits->processor_percent = -1;
	limits->processors = -1;
	find_memory_limits(limits);
	find_processor_limits(limits);
	limits->memory_untold[0] = '\0';
	if (limits->memory_bytes < 0)
		tell_hidden(&memory, limits->memory_untold, sizeof(limits->memory_untold));
	limits->processor_percent_untold[0] = '\0';
	if (limits->processor_percent < 0)
		tell_hidden(&processor_time, limits->processor_percent_untold,
			    sizeof(limits->processor_percent_untold));
	limits->address_space_bytes = ulimit(RLIMIT_AS);
	limits->file_size_bytes = ulimit(RLIMIT_FSIZE);
	limits->locked_bytes = ulimit(RLIMIT_MEMLOCK);
	limits->open_files = ulimit(RLIMIT_NOFILE);
}

/* What does not fit, into what, and what to do about it. */
static int refuse(uint64_t bytes, const char *what, int64_t limit, const char *hint)
{
	return report_failure(NO_MEMORY, 0, hint, "%s do not fit into %s of %s", size_text(bytes).text, what,
			      size_text((uint64_t)limit).text);
}

static bool is_beyond(uint64_t bytes, int64_t limit)
{
	return limit >= 0 && bytes > (uint64_t)limit;
}

int limits_admit_memory(uint64_t bytes)
{
	struct limits limits;
	int64_t available = memory_of_machine("MemAvailable");

	limits_find(&limits);
	if (is_beyond(bytes, available))
		return refuse(bytes, "the available memory", available, "Load a smaller size, or free memory.");
	if (is_beyond(bytes, limits.memory_room_bytes))
		return report_failure(NO_MEMORY, 0, "Load a smaller size, or raise the control group's limit.",
				      "%s do not fit into the control group's memory limit of %s, of which %s are left",
				      size_text(bytes).text, size_text((uint64_t)limits.memory_bytes).text,
				      size_text((uint64_t)limits.memory_room_bytes).text);
	if (is_beyond(bytes, limits.address_space_bytes))
		return refuse(bytes, "the limit on the address space", limits.address_space_bytes,
			      "Load a smaller size, or raise the limit (ulimit -v).");
	return 0;
}

int limits_admit_shared_memory(uint64_t bytes)
{
	int64_t largest_file = ulimit(RLIMIT_FSIZE);

	if (is_beyond(bytes, largest_file))
		return refuse(bytes, "the limit on the size of files", largest_file,
			      "Load a smaller size, or raise the limit (ulimit -f).");
	return limits_admit_memory(bytes);
}
