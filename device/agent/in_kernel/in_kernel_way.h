/* SPDX-License-Identifier: MIT */
#ifndef AGENT_IN_KERNEL_WAY_H
#define AGENT_IN_KERNEL_WAY_H

#include <stdbool.h>

#include "loader/dmabuf_loader.h"

/*
 * The ways in which a kernel may allocate a dma-buf and read a file into it in one call: by the refused series that it
 * carries, or by the lab's module.
 */
enum in_kernel_way {
	WAY_NONE,
	WAY_HEAP_IOCTL,	     /* first series: reads while it allocates */
	WAY_HEAP_FLAG_SYNC,  /* second series, patch 1 alone: reads when all is allocated */
	WAY_HEAP_FLAG_ASYNC, /* second series, patches 1 to 4: reads while it allocates */
	WAY_MODULE,	     /* either */
	WAY_COUNT,
};

/* Why a way is not there; an empty reason where it is. */
struct in_kernel_ways {
	struct dmabuf_loader_error why_not[WAY_COUNT];
};

/* Tries every way on a heap and on a trial file in a directory, and leaves nothing behind. */
void in_kernel_try_ways(struct in_kernel_ways *found, const char *directory, const char *heap);

bool in_kernel_has(const struct in_kernel_ways *found, enum in_kernel_way way);

/* Whether any way is there; @why_not is set where none is. */
bool in_kernel_has_any(const struct in_kernel_ways *found, struct dmabuf_loader_error *why_not);

/* The way for a scheme, a patched kernel's own before the module's; WAY_NONE with @error. */
enum in_kernel_way in_kernel_choose(const struct in_kernel_ways *found, bool overlapped,
				    struct dmabuf_loader_error *error);

/* Whether the kernel's own patch does it. */
bool in_kernel_is_patch(enum in_kernel_way way);

/* As the probe calls it ("heap-ioctl"), and as a sample's mark does ("heap ioctl"). */
const char *in_kernel_way_id(enum in_kernel_way way);
const char *in_kernel_way_mark(enum in_kernel_way way);

#endif
