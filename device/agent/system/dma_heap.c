/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "loader/error.h"
#include "system/dma_heap.h"

int dma_heap_open(const char *name, struct dmabuf_loader_error *error)
{
	char path[128];
	int heap;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	heap = open(path, O_RDONLY | O_CLOEXEC);
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
	return load_failed(error, errno, "the heap could not allocate the buffer");
}
