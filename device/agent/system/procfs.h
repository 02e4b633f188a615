/* SPDX-License-Identifier: MIT */
#ifndef AGENT_PROCFS_H
#define AGENT_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files of many lines below /proc. */

/* The number after `name:` in a file of such lines (/proc/meminfo, /proc/self/io), or -1. */
int64_t procfs_field(const char *path, const char *name);

/* The same of lines `name number` (memory.stat of a control group). */
int64_t procfs_word(const char *path, const char *name);

/* A field of /proc/meminfo in bytes ("MemAvailable"), or -1. */
int64_t meminfo_bytes(const char *name);

/* "MemTotal" or "MemAvailable"; without /proc what sysinfo(2) tells, which counts no page cache as available. */
int64_t memory_of_machine(const char *name);

/* "model name" of /proc/cpuinfo, which x86 has; false elsewhere. */
bool processor_model(char *name, size_t room);

#endif
