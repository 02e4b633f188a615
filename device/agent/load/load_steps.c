/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "file/dontcache.h"
#include "load/load.h"
#include "loader/clock.h"
#include "loader/dma_heap.h"
#include "loader/error.h"
#include "loader/gather.h"
#include "loader/rounding.h"

int load_open_source(struct load *load)
{
	int64_t start = now_ns();

	if (source_open(&load->source, load->options->path, load->scheme->direct, &load->error))
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_OPEN, start, now_ns(), 0, NO_GATHER);
	return 0;
}

int load_open_heap(struct load *load)
{
	int64_t start = now_ns();

	load->device = dma_heap_open(load->options->heap, &load->error);
	if (load->device < 0)
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_OPEN, start, now_ns(), 0, NO_GATHER);
	return load_open_source(load);
}

uint64_t load_part_bytes(const struct load *load, uint64_t bytes)
{
	uint64_t slice = gather_slice_bytes(load->gather_bytes, (unsigned int)load->options->populators);

	return memory_part_bytes(bytes, slice, load->options->huge_pages);
}

int load_create_memory(struct load *load, enum memfds memfds)
{
	struct memory_layout layout = {
		.bytes = source_rounded(&load->source, load->options->bytes),
		.huge_pages = load->options->huge_pages,
		.hugetlb_bytes = load->options->hugetlb_bytes,
	};
	int64_t start = now_ns(), created;

	if (memfds == MEMFD_PER_GATHER)
		layout.part_bytes = load_part_bytes(load, layout.bytes);
	if (memory_create(&load->memory, &layout, &load->error))
		return -1;
	created = now_ns();
	load->memfds = load->memory.count;
	span_add(&load->log, LANE_CALLER, PHASE_OPEN, start, created, 0, NO_GATHER);
	if (memory_map(&load->memory, &load->error))
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_MAP, created, now_ns(), load->memory.bytes, NO_GATHER);
	return 0;
}

static int populate(struct load *load,
		    int (*how)(const struct memory *, uint64_t, uint64_t, struct dmabuf_loader_error *))
{
	int64_t start = now_ns();

	if (how(&load->memory, 0, load->memory.bytes, &load->error))
		return -1;
	span_add(&load->log, LANE_ALLOCATOR, PHASE_ALLOC, start, now_ns(), load->memory.bytes, NO_GATHER);
	return 0;
}

int load_populate(struct load *load)
{
	return populate(load, memory_populate);
}

int load_populate_in_use(struct load *load)
{
	return populate(load, memory_populate_in_use);
}

int load_read(struct load *load, char *target)
{
	int64_t start = now_ns();

	if (source_read(&load->source, target, 0, load->options->bytes, &load->error))
		return -1;
	span_add(&load->log, LANE_READER, PHASE_READ, start, now_ns(), load->options->bytes, NO_GATHER);
	return 0;
}

int load_read_dontcache(struct load *load, char *target)
{
	uint64_t bytes = load->options->bytes;
	int64_t start = now_ns();

	for (uint64_t done = 0; done < bytes;) {
		int64_t got = dontcache_read(load->source.fd, target + done, bytes - done, done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return dontcache_failed(errno, done, &load->error);
		if (got == 0)
			return source_ended(&load->error, done);
		done += (uint64_t)got;
	}
	span_add(&load->log, LANE_READER, PHASE_READ, start, now_ns(), bytes, NO_GATHER);
	return 0;
}

struct beside {
	struct load *load;
	int64_t start_ns;
	int64_t end_ns;
	int result;
	struct dmabuf_loader_error error;
};

static void *read_beside(void *argument)
{
	struct beside *beside = argument;
	struct load *load = beside->load;

	beside->start_ns = now_ns();
	beside->result = source_read(&load->source, load->memory.address, 0, load->options->bytes, &beside->error);
	beside->end_ns = now_ns();
	return NULL;
}

int load_read_beside(struct load *load, int (*meanwhile)(struct load *load))
{
	struct beside beside = { .load = load };
	int64_t wait_start;
	pthread_t thread;
	int number = pthread_create(&thread, NULL, read_beside, &beside);
	int result;

	if (number)
		return load_failed(&load->error, number, "cannot start the reader thread");
	result = meanwhile(load);
	wait_start = now_ns();
	pthread_join(thread, NULL);
	span_add(&load->log, LANE_CALLER, PHASE_WAIT, wait_start, now_ns(), 0, NO_GATHER);
	if (result == 0 && beside.result) {
		load->error = beside.error;
		result = -1;
	}
	if (result == 0)
		span_add(&load->log, LANE_READER, PHASE_READ, beside.start_ns, beside.end_ns, load->options->bytes,
			 NO_GATHER);
	return result;
}

int load_gathers(struct load *load)
{
	struct gather_job job = {
		.source = &load->source,
		.memory = &load->memory,
		.bytes = load->options->bytes,
		.gather_bytes = load->gather_bytes,
		.readers = (unsigned int)load->options->readers,
		.populators = (unsigned int)load->options->populators,
		.gathers = load->gathers,
	};

	return gather_load(&job, &load->error);
}

void load_add_gather_spans(struct load *load)
{
	for (uint64_t i = 0; i < load->gather_count; i++) {
		const struct dmabuf_loader_gather *gather = &load->gathers[i];
		uint64_t bytes = smaller(load->gather_bytes, load->options->bytes - i * load->gather_bytes);
		unsigned int lane = LANE_READER + gather->reader;

		span_add(&load->log, LANE_ALLOCATOR, PHASE_ALLOC, gather->alloc_start_ns, gather->alloc_end_ns, bytes,
			 (int64_t)i);
		if (gather->wait_start_ns)
			span_add(&load->log, lane, PHASE_WAIT, gather->wait_start_ns, gather->read_start_ns, 0,
				 (int64_t)i);
		span_add(&load->log, lane, PHASE_READ, gather->read_start_ns, gather->read_end_ns, bytes, (int64_t)i);
	}
	span_serialise(&load->log, LANE_ALLOCATOR);
	load->first_gather_ns = load->gathers[0].alloc_end_ns - load->gathers[0].alloc_start_ns;
}

static int sendfile_failed(struct load *load, int number)
{
	if (load->dmabuf >= 0 && (number == EINVAL || number == EOPNOTSUPP || number == ESPIPE))
		return load_refused(&load->error, number, "this kernel cannot splice into a dma-buf");
	if (load->options->hugetlb_bytes && number == EINVAL)
		return load_refused(&load->error, number, "this kernel writes to no file of hugetlb pages");
	if (source_refuses(&load->source, number))
		return source_refused(&load->error, number);
	return load_failed(&load->error, number, "sendfile failed");
}

int load_sendfile(struct load *load, int target)
{
	uint64_t bytes = load->options->bytes;
	int64_t start = now_ns();
	off_t offset = 0;

	while ((uint64_t)offset < bytes) {
		/* A direct file is read in whole blocks; the memfd has room for them. */
		uint64_t want = round_up(bytes - (uint64_t)offset, load->source.align_bytes);
		ssize_t sent = sendfile(target, load->source.fd, &offset, want);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return sendfile_failed(load, errno);
		if (sent == 0)
			return source_ended(&load->error, (uint64_t)offset);
	}
	span_add(&load->log, LANE_READER, PHASE_COPY, start, now_ns(), bytes, NO_GATHER);
	return 0;
}

void load_release(struct load *load)
{
	if (load->mapping)
		munmap(load->mapping, load->mapping_bytes);
	if (load->dmabuf >= 0)
		close(load->dmabuf);
	for (uint64_t i = 0; load->segments && i < load->gather_count; i++)
		if (load->segments[i] >= 0)
			close(load->segments[i]);
	free(load->segments);
	memory_free(&load->memory);
	if (load->device >= 0)
		close(load->device);
	source_close(&load->source);
}
