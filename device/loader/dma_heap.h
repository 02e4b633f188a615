/* SPDX-License-Identifier: MIT */
#ifndef LOADER_DMA_HEAP_H
#define LOADER_DMA_HEAP_H

#include "dmabuf_loader.h"

/* Both return a file descriptor, or -1 with @error. @name: below /dev/dma_heap, or a path. */
int dma_heap_open(const char *name, struct dmabuf_loader_error *error);
int dma_heap_alloc(int heap, uint64_t bytes, struct dmabuf_loader_error *error);

#endif
