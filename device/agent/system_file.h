/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SYSTEM_FILE_H
#define AGENT_SYSTEM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Small text files under /proc and /sys. */

/* The first line without its newline; false where the file cannot be read. @path is a printf format. */
bool system_line(char *line, size_t room, const char *path, ...) __attribute__((format(printf, 3, 4)));

/* The number such a file starts with, or -1. */
int64_t system_number(const char *path, ...) __attribute__((format(printf, 1, 2)));

/* The number after `name:` in a file of such lines (/proc/meminfo, /proc/self/io), or -1. */
int64_t system_field(const char *path, const char *name);

/* A field of /proc/meminfo in bytes ("MemAvailable"), or -1. */
int64_t meminfo_bytes(const char *name);

/* Writes a setting; returns 0, or -1 with errno. */
int system_write(const char *path, const char *value);

/* "model name" of /proc/cpuinfo, which x86 has; false elsewhere. */
bool processor_model(char *name, size_t room);

#endif
