/* SPDX-License-Identifier: MIT */
#ifndef AGENT_DMA_HEAP_H
#define AGENT_DMA_HEAP_H

#include "loader/dmabuf_loader.h"

/* Both return a file descriptor, or -1 with @error. */
int dma_heap_open(const char *name, struct dmabuf_loader_error *error);
int dma_heap_alloc(int heap, uint64_t bytes, struct dmabuf_loader_error *error);

/* How long a heap takes for a page while nobody has a buffer of it, and for one more: the best of some tries. */
struct dma_heap_times {
	int64_t first_ns;
	int64_t next_ns;
};

/* Returns 0, or -1 where the heap gives no buffer. */
int dma_heap_time(const char *name, struct dma_heap_times *times);

#endif
