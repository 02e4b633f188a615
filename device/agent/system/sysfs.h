/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SYSFS_H
#define AGENT_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files of one short value, below /sys and /proc/sys. @path is a printf format. */

/* The first line without its newline; false where the file cannot be read. */
bool sysfs_line(char *line, size_t room, const char *path, ...) __attribute__((format(printf, 3, 4)));

/* The number such a file starts with, or -1. */
int64_t sysfs_number(const char *path, ...) __attribute__((format(printf, 1, 2)));

/* Writes a setting; returns 0, or -1 with errno. */
int sysfs_write(const char *path, const char *value);

#endif
