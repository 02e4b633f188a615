/* SPDX-License-Identifier: MIT */
#ifndef LOADER_TARGET_H
#define LOADER_TARGET_H

#include <pthread.h>

#include "bounce.h"
#include "choice.h"
#include "memory.h"

/* A way for the kernel to read into a buffer; one part at a time goes through it. */
struct lane {
	int wrapfd; /* -1 with the module, which needs none */
	pthread_mutex_t lock;
};

/* One of a task's buffers while it is loaded. */
struct target {
	enum dmabuf_loader_memory kind;
	bool made;	      /* by this task; else it was there before */
	struct memory memory; /* where it was there, or is no shared memory: only its place and length */
	int dmabuf;	      /* -1 while, or where, there is none */
	struct lane *lanes;   /* where the kernel reads into it */
	unsigned int lane_count;
};

/* Takes a buffer of the caller's. Returns 0, or -1 with @error. */
int target_take(struct target *target, const struct dmabuf_loader_buffer *buffer, struct devices *devices,
		struct dmabuf_loader_error *error);

/* Allocates a buffer that is no shared memory, in one piece, and maps it; up to @readers threads will read into it. */
int target_allocate(struct target *target, uint64_t bytes, const struct devices *devices, unsigned int readers,
		    struct dmabuf_loader_error *error);

/* Where a mapping's pages take no direct reads, which the first of them tells, all go through the page cache. */
struct fallback {
	struct source cached;
	atomic_int refusal; /* errno of the direct read, or of opening for it; 0: none yet */
};

/* Returns 0, or -1 with @error. */
int target_read_through_mapping(const struct target *target, struct exact_read read, struct fallback *fallback,
				struct dmabuf_loader_error *error);

/* What is read to an offset of the target: @read is of the whole, and its @to the place there. */
struct target_read {
	struct exact_read read;
	uint64_t buffer_offset;
	unsigned int reader;
};

/*
 * Has the kernel read whole pages into it, and carries over what is no whole page, or lies otherwise in its page than
 * in the file's. Exactly the bytes asked for are written. Returns 0, or -1 with @error.
 */
int target_read_by_kernel(struct target *target, const struct devices *devices, struct target_read read,
			  struct dmabuf_loader_error *error);

/* Lets go of what only the load needed. */
void target_end(struct target *target);

/* And of a buffer that was made: nothing of it is left. */
void target_discard(struct target *target);

#endif
