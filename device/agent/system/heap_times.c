/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <unistd.h>

#include "loader/clock.h"
#include "loader/dma_heap.h"
#include "loader/rounding.h"
#include "system/heap_times.h"

/* A buffer takes microseconds; a reservation, milliseconds. */
#define TRIES 3

static int time_page(int heap, int64_t *ns)
{
	struct dmabuf_loader_error error;
	int64_t begin = now_ns();
	int buffer = dma_heap_alloc(heap, page_bytes(), &error);

	*ns = now_ns() - begin;
	return buffer;
}

/* The first buffer stays while the next one is asked for. */
static int time_two_pages(int heap, struct heap_times *times)
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

static int best_of_tries(int heap, struct heap_times *times)
{
	struct heap_times now;

	*times = (struct heap_times){ INT64_MAX, INT64_MAX };
	for (int i = 0; i < TRIES; i++) {
		if (time_two_pages(heap, &now))
			return -1;
		if (now.first_ns < times->first_ns)
			times->first_ns = now.first_ns;
		if (now.next_ns < times->next_ns)
			times->next_ns = now.next_ns;
	}
	return 0;
}

int heap_times_find(const char *heap, struct heap_times *times)
{
	struct dmabuf_loader_error error;
	int device = dma_heap_open(heap, &error), failed;

	if (device < 0)
		return -1;
	failed = best_of_tries(device, times);
	close(device);
	return failed;
}
