/* SPDX-License-Identifier: MIT */
#ifndef AGENT_ALLOC_AND_READ_H
#define AGENT_ALLOC_AND_READ_H

#include <stdbool.h>

#include "../loader/dmabuf_loader.h"

/*
 * The ways in which a kernel may allocate a dma-buf and read a file into it in one call: by the refused series that it
 * carries, or by the lab's module.
 */
enum alloc_and_read_way {
	WAY_NONE,
	WAY_HEAP_IOCTL,		/* first series: reads while it allocates */
	WAY_HEAP_FLAG_SYNC,	/* second series, patch 1 alone: reads when all is allocated */
	WAY_HEAP_FLAG_ASYNC,	/* second series, patches 1 to 4: reads while it allocates */
	WAY_MODULE,		/* either */
	WAY_COUNT,
};

/* Why a way is not there; an empty reason where it is. */
struct alloc_and_read {
	struct dmabuf_loader_error why_not[WAY_COUNT];
};

/* Tries every way on a heap and on a trial file in a directory, and leaves nothing behind. */
void alloc_and_read_try(struct alloc_and_read *found, const char *directory, const char *heap);

bool alloc_and_read_has(const struct alloc_and_read *found, enum alloc_and_read_way way);

/* Whether any way is there; @why_not is set where none is. */
bool alloc_and_read_is_met(const struct alloc_and_read *found, struct dmabuf_loader_error *why_not);

/* The way for a scheme, a patched kernel's own before the module's; WAY_NONE with @error. */
enum alloc_and_read_way alloc_and_read_choose(const struct alloc_and_read *found, bool overlapped,
					      struct dmabuf_loader_error *error);

/* Whether the kernel's own patch does it. */
bool way_is_patch(enum alloc_and_read_way way);

/* As the probe calls it ("heap-ioctl"), and as a sample's mark does ("heap ioctl"). */
const char *way_id(enum alloc_and_read_way way);
const char *way_mark(enum alloc_and_read_way way);

#endif
