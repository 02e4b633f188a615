/* SPDX-License-Identifier: MIT */
#ifndef AGENT_MOUNT_H
#define AGENT_MOUNT_H

#include <stdbool.h>

/* The mount that holds a path (/proc/self/mountinfo, see proc(5)). */
struct mount {
	char point[4096];
	char file_system[64];
	char source[4096];
	char options[4096]; /* of the mount, then those of the file system that it does not have too */
};

/* @path is absolute and resolved. */
bool mount_of(const char *path, struct mount *mount);

#endif
