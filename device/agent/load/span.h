/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SPAN_H
#define AGENT_SPAN_H

#include <stddef.h>
#include <stdint.h>

enum phase { PHASE_OPEN, PHASE_ALLOC, PHASE_MAP, PHASE_CREATE, PHASE_READ, PHASE_COPY, PHASE_WAIT, PHASE_CLOSE };

/* Lanes: the caller, the allocator, then the readers from LANE_READER on. */
enum { LANE_CALLER, LANE_ALLOCATOR, LANE_READER };

#define NO_GATHER (-1)

struct span {
	int64_t start_ns; /* since the sample's start */
	int64_t end_ns;
	uint64_t bytes;
	int64_t gather;
	unsigned int lane;
	enum phase phase;
};

/* Filled by the main thread alone; its memory is there before the timer starts. */
struct span_log {
	struct span *spans;
	size_t count;
	size_t room;
	int64_t zero_ns; /* CLOCK_MONOTONIC at the sample's start */
};

/* Returns 0, or -1 without memory. */
int span_log_create(struct span_log *log, size_t room);
void span_log_free(struct span_log *log);

/* @start_ns and @end_ns are CLOCK_MONOTONIC. */
void span_add(struct span_log *log, unsigned int lane, enum phase phase, int64_t start_ns, int64_t end_ns,
	      uint64_t bytes, int64_t gather);

/*
 * Lets each span of the lane start no earlier than the one before has ended: several threads may work on one lane,
 * and the lane then belongs to whatever is finished next.
 */
void span_serialise(struct span_log *log, unsigned int lane);

/* One protocol line per span. */
void span_log_write(const struct span_log *log);

#endif
