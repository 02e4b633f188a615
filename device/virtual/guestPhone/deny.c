/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * deny PATH,PATH PROGRAM [ARGUMENT...] runs a program that may not open these paths, whatever their owners and modes
 * say: EACCES, as from SELinux. Landlock (Documentation/userspace-api/landlock.rst) has rules that allow and none
 * that deny, so everything beside a path is allowed: what lies beside it, beside its folder, and so on up to the root.
 */

/* LANDLOCK_ACCESS_FS_REFER of Linux 5.19; a ruleset that does not name it forbids renaming between folders. */
#define ACCESS_REFER (1ULL << 13)
#define OPENING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define MAX_DENIED 64

static const char *denied[MAX_DENIED];
static size_t denied_count;

static void add_denied(char *list)
{
	for (char *path = strtok(list, ","); path; path = strtok(NULL, ",")) {
		if (denied_count == MAX_DENIED)
			error(1, 0, "more than %d paths", MAX_DENIED);
		denied[denied_count++] = path;
	}
}

/* Whether @path is a denied one, and whether one lies below it. */
static void compare(const char *path, int *is_denied, int *leads_to_denied)
{
	size_t length = strlen(path);

	*is_denied = 0;
	*leads_to_denied = 0;
	for (size_t i = 0; i < denied_count; i++) {
		*is_denied |= strcmp(denied[i], path) == 0;
		*leads_to_denied |= strncmp(denied[i], path, length) == 0 && denied[i][length] == '/';
	}
}

static void allow(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = OPENING | ACCESS_REFER,
		.parent_fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC),
	};

	if (rule.parent_fd < 0)
		return;
	/* A rule for what is no folder must not name what only folders have. */
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) && errno == EINVAL) {
		rule.allowed_access = OPENING;
		/* Links and the like have nothing to open. */
		(void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
}

/* Allows what lies in @folder, but for what is denied. */
static void allow_beside_denied(int ruleset, const char *folder)
{
	DIR *entries = opendir(*folder ? folder : "/");
	const struct dirent *entry;

	if (!entries)
		error(1, errno, "cannot look through %s", folder);
	while ((entry = readdir(entries))) {
		char path[PATH_MAX];
		int is_denied, leads_to_denied;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >= (int)sizeof(path))
			continue;
		compare(path, &is_denied, &leads_to_denied);
		if (leads_to_denied)
			allow_beside_denied(ruleset, path);
		else if (!is_denied)
			allow(ruleset, path);
	}
	closedir(entries);
}

int main(int count, char **words)
{
	struct landlock_ruleset_attr handled = { .handled_access_fs = OPENING | ACCESS_REFER };
	int ruleset;

	if (count < 3)
		error(2, 0, "usage: deny PATH,PATH PROGRAM [ARGUMENT...]");
	add_denied(words[1]);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	if (ruleset < 0)
		error(1, errno, "this kernel has no Landlock");
	allow_beside_denied(ruleset, "");
	if (syscall(SYS_landlock_restrict_self, ruleset, 0))
		error(1, errno, "cannot restrict this process");
	close(ruleset);
	execvp(words[2], words + 2);
	error(1, errno, "cannot run %s", words[2]);
	return 1;
}
