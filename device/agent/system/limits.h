/* SPDX-License-Identifier: MIT */
#ifndef AGENT_LIMITS_H
#define AGENT_LIMITS_H

#include <limits.h>
#include <stdint.h>

/* Holds a file's path and what hinders reading it. */
#define LIMITS_REASON_BYTES (PATH_MAX + 128)

/*
 * What binds a process here beside the machine itself: control groups (v1 and v2, the smallest up the tree), the
 * processors that it may use, and its ulimits. -1: no limit, or none that can be seen. A phone shows the files of its
 * control groups to root alone: where none of those that can be read has a limit, the reason says what cannot be read,
 * and is empty where nothing is hidden.
 */
struct limits {
	int64_t memory_bytes;	   /* the smallest memory limit */
	int64_t memory_room_bytes; /* what may still be allocated below the limit that leaves the least */
	int64_t processor_percent; /* of one processor: 150 is one and a half */
	int64_t processors;	   /* that the affinity mask and cpusets leave */
	int64_t address_space_bytes;
	int64_t file_size_bytes;
	int64_t locked_bytes;
	int64_t open_files;
	char memory_untold[LIMITS_REASON_BYTES];
	char processor_percent_untold[LIMITS_REASON_BYTES];
};

void limits_find(struct limits *limits);

/*
 * Whether @bytes of memory are within every limit, or of shared memory, which is bound as a file is, too. Returns 0, or
 * the exit code after reporting `no-memory` with both numbers.
 */
int limits_admit_memory(uint64_t bytes);
int limits_admit_shared_memory(uint64_t bytes);

#endif
