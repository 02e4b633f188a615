/* SPDX-License-Identifier: MIT */
#ifndef AGENT_PROOF_H
#define AGENT_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "load/counters.h"

/* What was read, and what was counted meanwhile. */
struct reading {
	uint64_t bytes;
	bool direct;	/* past the page cache, as far as was asked */
	bool in_kernel; /* by threads that are not this process's */
	bool no_direct; /* the kernel says that it never reads this file directly, or not enough of it */
	struct counters before;
	struct counters after;
};

/* What the counters say of the way that the bytes took. A proof that cannot be had is never replaced by a weaker one. */
struct proof {
	bool cold;	 /* nothing was in the page cache before, and all of it came from the storage */
	bool direct;	 /* all of it went past the page cache */
	bool warm;	 /* some of it was in the page cache before */
	bool fell_back;	 /* a direct read went through the page cache */
	bool not_all;	 /* some of it was neither in the page cache before nor read from the storage */
	bool not_proved; /* the kernel does not tell enough */
};

struct proof proof_of(const struct reading *reading);

/*
 * Bytes that came from the storage for this reading, or -1. What this process read for itself is its own count alone:
 * the device's would count its neighbours, too. In-kernel reads have nothing better than the device's.
 */
int64_t reading_read_bytes(const struct reading *reading);

#endif
