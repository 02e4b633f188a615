/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "dma_heap.h"
#include "error.h"

#define HEAPS_PATH "/dev/dma_heap/"

int dma_heap_open(const char *name, struct dmabuf_loader_error *error)
{
	char path[128];
	int heap, length;

	length = snprintf(path, sizeof(path), "%s%s", name[0] == '/' ? "" : HEAPS_PATH, name);
	if (length >= (int)sizeof(path))
		return load_failed(error, ENAMETOOLONG, "no heap has so long a name");
	/* O_NONBLOCK: a path to a FIFO must not hold the caller up. */
	heap = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (heap >= 0)
		return heap;
	if (errno == ENOENT || errno == ENODEV)
		return load_refused(error, errno, "needs %s", path);
	if (errno == EACCES || errno == EPERM)
		return load_denied(error, errno, path, R_OK);
	return load_failed(error, errno, "cannot open %s", path);
}

int dma_heap_alloc(int heap, uint64_t bytes, struct dmabuf_loader_error *error)
{
	struct dma_heap_allocation_data request = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request) == 0)
		return (int)request.fd;
	if (errno == ENOTTY)
		return load_refused(error, errno, "not a dma-heap");
	return load_failed(error, errno, "the heap could not allocate the buffer");
}
