/* SPDX-License-Identifier: MIT */
#ifndef LOADER_DMABUF_H
#define LOADER_DMABUF_H

#include <linux/dma-buf.h>

#include "dmabuf_loader.h"

/*
 * DMA_BUF_IOCTL_SYNC, which brackets every access of the CPU through a dma-buf's mapping
 * (Documentation/driver-api/dma-buf.rst). @flags: DMA_BUF_SYNC_START or _END with _READ or _WRITE.
 */
int dmabuf_sync(int dmabuf, unsigned int flags, struct dmabuf_loader_error *error);

/* Maps a dma-buf; NULL with @error. @protection as of mmap(2). */
char *dmabuf_map(int dmabuf, uint64_t bytes, int protection, struct dmabuf_loader_error *error);

#endif
