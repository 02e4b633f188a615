/* SPDX-License-Identifier: MIT */
#ifndef AGENT_HEAP_TIMES_H
#define AGENT_HEAP_TIMES_H

#include <stdint.h>

/* How long a heap takes for a page while we have no buffer of it, and for one more: the best of some tries. */
struct heap_times {
	int64_t first_ns;
	int64_t next_ns;
};

/* Returns 0, or -1 where the heap gives no buffer. */
int heap_times_find(const char *heap, struct heap_times *times);

#endif
