/* SPDX-License-Identifier: MIT */
#ifndef AGENT_MOUNT_H
#define AGENT_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

/* The mount that holds a path (/proc/self/mountinfo, see proc(5)). */
struct mount {
	char root[4096]; /* of the mount within its file system */
	char point[4096];
	char file_system[64];
	char source[4096];
	char options[4096]; /* of the mount, then those of the file system that it does not have too */
};

/* @path is absolute and resolved. */
bool mount_of(const char *path, struct mount *mount);

/* The first mount of a file system's type whose options have @option (any, where it is empty). */
bool mount_of_type(const char *type, const char *option, struct mount *mount);

/*
 * The block device below a file, as dev_t; 0 where there is none or it cannot be told. btrfs and overlayfs have device
 * numbers of their own: theirs is that of the mount's source, or of the layer that has the file.
 */
uint64_t block_device_of(const char *path);

#endif
