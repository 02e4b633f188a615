/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/clock.h"
#include "loader/dma_heap.h"
#include "loader/dmabuf.h"
#include "loader/error.h"
#include "loader/lab_module.h"
#include "loader/rounding.h"
#include "schemes/heap_schemes.h"
#include "schemes/in_kernel_schemes.h"

static int alloc_buffer(struct load *load)
{
	uint64_t bytes = source_rounded(&load->source, load->options->bytes);
	int64_t start = now_ns();

	load->dmabuf = dma_heap_alloc(load->device, bytes, &load->error);
	if (load->dmabuf < 0)
		return -1;
	span_add(&load->log, LANE_ALLOCATOR, PHASE_ALLOC, start, now_ns(), bytes, NO_GATHER);
	return 0;
}

static int map_buffer(struct load *load)
{
	uint64_t bytes = source_rounded(&load->source, load->options->bytes);
	int64_t start = now_ns();

	load->mapping = dmabuf_map(load->dmabuf, bytes, PROT_READ | PROT_WRITE, &load->error);
	if (!load->mapping)
		return -1;
	load->mapping_bytes = bytes;
	span_add(&load->log, LANE_CALLER, PHASE_MAP, start, now_ns(), bytes, NO_GATHER);
	return 0;
}

static int mapped_buffer(struct load *load)
{
	return load_open_heap(load) || alloc_buffer(load) || map_buffer(load) ? -1 : 0;
}

/* The sync around the CPU's writes costs time of its own, shown as a span of the caller. */
static int sync_buffer(struct load *load, unsigned int which)
{
	int64_t start = now_ns();

	if (dmabuf_sync(load->dmabuf, which | DMA_BUF_SYNC_WRITE, &load->error))
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_WAIT, start, now_ns(), 0, NO_GATHER);
	return 0;
}

int heap_normal(struct load *load)
{
	return mapped_buffer(load) || sync_buffer(load, DMA_BUF_SYNC_START) || load_read(load, load->mapping) ||
			       sync_buffer(load, DMA_BUF_SYNC_END) ?
		       -1 :
		       0;
}

int heap_dontcache(struct load *load)
{
	return mapped_buffer(load) || sync_buffer(load, DMA_BUF_SYNC_START) ||
			       load_read_dontcache(load, load->mapping) || sync_buffer(load, DMA_BUF_SYNC_END) ?
		       -1 :
		       0;
}

int heap_mmap_copy(struct load *load)
{
	return mapped_buffer(load) || sync_buffer(load, DMA_BUF_SYNC_START) ||
			       load_copy_from_mapping(load, load->mapping) || sync_buffer(load, DMA_BUF_SYNC_END) ?
		       -1 :
		       0;
}

/* An empty pipe tells whether the buffer takes a splice at all (EAGAIN) without any data being moved. */
static bool can_splice_into(int dmabuf)
{
	int ends[2];
	bool can;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return false;
	can = splice(ends[0], NULL, dmabuf, NULL, 1, SPLICE_F_NONBLOCK) >= 0 || errno == EAGAIN;
	close(ends[0]);
	close(ends[1]);
	return can;
}

/* Where the kernel cannot splice into a dma-buf, the module does what sendfile would do there. */
static int sendfile_or_emulate(struct load *load)
{
	if (!can_splice_into(load->dmabuf) && lab_module_offers())
		return in_kernel_pipe_into(load);
	return load_sendfile(load, load->dmabuf);
}

int heap_sendfile(struct load *load)
{
	return load_open_heap(load) || alloc_buffer(load) || sendfile_or_emulate(load) ? -1 : 0;
}

static int copy_failed(int number, struct dmabuf_loader_error *error)
{
	if (number == EINVAL || number == EXDEV || number == EOPNOTSUPP || number == ENOSYS)
		return load_refused(error, number, "this kernel cannot copy_file_range into a dma-buf");
	return load_failed(error, number, "copy_file_range failed");
}

static int copy_range(struct load *load)
{
	uint64_t bytes = load->options->bytes;
	int64_t start = now_ns();
	off_t from = 0, to = 0;

	while ((uint64_t)to < bytes) {
		uint64_t want = round_up(bytes - (uint64_t)to, load->source.align_bytes);
		ssize_t copied = copy_file_range(load->source.fd, &from, load->dmabuf, &to, want, 0);

		if (copied < 0 && errno == EINTR)
			continue;
		if (copied < 0)
			return copy_failed(errno, &load->error);
		if (copied == 0)
			return source_ended(&load->error, (uint64_t)to);
	}
	span_add(&load->log, LANE_READER, PHASE_COPY, start, now_ns(), bytes, NO_GATHER);
	return 0;
}

int heap_copy_file_range(struct load *load)
{
	return load_open_heap(load) || alloc_buffer(load) || copy_range(load) ? -1 : 0;
}
