/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "loader/clock.h"
#include "loader/error.h"
#include "loader/rounding.h"
#include "system/dma_heap.h"

/* A buffer takes microseconds; a reservation, milliseconds. */
#define TIME_TRIES 3

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
		return load_denied(error, errno, path);
	return load_failed(error, errno, "cannot open %s", path);
}

int dma_heap_alloc(int heap, uint64_t bytes, struct dmabuf_loader_error *error)
{
	struct dma_heap_allocation_data request = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request) == 0)
		return (int)request.fd;
	return load_failed(error, errno, "the heap could not allocate the buffer");
}

static int time_page(int heap, int64_t *ns)
{
	struct dmabuf_loader_error error;
	int64_t begin = now_ns();
	int buffer = dma_heap_alloc(heap, page_bytes(), &error);

	*ns = now_ns() - begin;
	return buffer;
}

/* The first buffer stays while the next one is asked for. */
static int time_two_pages(int heap, struct dma_heap_times *times)
{
	int first = time_page(heap, &times->first_ns);
	int next = first < 0 ? -1 : time_page(heap, &times->next_ns);

	if (first >= 0)
		close(first);
	if (next < 0)
		return -1;
	close(next);
	return 0;
}

int dma_heap_time(const char *name, struct dma_heap_times *times)
{
	struct dma_heap_times now;
	struct dmabuf_loader_error error;
	int heap = dma_heap_open(name, &error), failed = heap < 0;

	*times = (struct dma_heap_times){ INT64_MAX, INT64_MAX };
	for (int i = 0; i < TIME_TRIES && !failed; i++) {
		failed = time_two_pages(heap, &now);
		if (failed)
			break;
		if (now.first_ns < times->first_ns)
			times->first_ns = now.first_ns;
		if (now.next_ns < times->next_ns)
			times->next_ns = now.next_ns;
	}
	if (heap >= 0)
		close(heap);
	return failed ? -1 : 0;
}
