/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <unistd.h>

#include "loader/clock.h"
#include "loader/udmabuf.h"
#include "schemes/udmabuf_schemes.h"

static int open_all(struct load *load)
{
	int64_t start = now_ns();

	load->device = udmabuf_open(&load->error);
	if (load->device < 0)
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_OPEN, start, now_ns(), 0, NO_GATHER);
	if (load_open_source(load) || udmabuf_check_limit(load->options->bytes, &load->error) ||
	    udmabuf_check_pages(load->device, load->options->bytes, &load->error))
		return -1;
	return load_create_memory(load, ONE_MEMFD);
}

/* UDMABUF_CREATE brings every page of the memfd into memory: it is this load's allocation. */
static int create(struct load *load)
{
	int64_t start = now_ns();

	load->dmabuf = udmabuf_create(load->device, &load->memory, &load->error);
	if (load->dmabuf < 0)
		return -1;
	span_add(&load->log, LANE_ALLOCATOR, PHASE_CREATE, start, now_ns(), load->memory.bytes, NO_GATHER);
	return 0;
}

int udmabuf_serial(struct load *load)
{
	return open_all(load) || create(load) || load_read(load, load->memory.address) ? -1 : 0;
}

int udmabuf_async(struct load *load)
{
	return open_all(load) || load_read_beside(load, create) ? -1 : 0;
}

static void add_loader_spans(struct load *load, const struct dmabuf_loader_times *times)
{
	struct span_log *log = &load->log;

	span_add(log, LANE_CALLER, PHASE_OPEN, times->start_ns, times->open_ns, 0, NO_GATHER);
	span_add(log, LANE_CALLER, PHASE_MAP, times->open_ns, times->map_ns, load->memory.bytes, NO_GATHER);
	span_add(log, LANE_ALLOCATOR, PHASE_CREATE, times->create_start_ns, times->create_end_ns, load->memory.bytes,
		 NO_GATHER);
}

static int load_by_loader(struct load *load, bool one_memfd)
{
	struct dmabuf_loader_times times;
	struct dmabuf_loader_options options = {
		.memory = DMABUF_LOADER_UDMABUF,
		.bytes = load->options->bytes,
		.gather_bytes = load->options->gather_bytes,
		.readers = (unsigned int)load->options->readers,
		.populators = (unsigned int)load->options->populators,
		.small_pages = !load->options->huge_pages,
		.hugetlb_bytes = load->options->hugetlb_bytes,
		.one_memfd = one_memfd,
		.times = &times,
		.gathers = load->gathers,
	};
	struct dmabuf_loader_buffer buffer;

	if (dmabuf_loader_load(load->options->path, &options, &buffer, &load->error))
		return -1;
	load->dmabuf = buffer.dmabuf_fd;
	load->memory = (struct memory){ .address = buffer.address, .bytes = buffer.mapped_bytes };
	load->memfds = 1;
	if (!one_memfd)
		load->memfds = (buffer.mapped_bytes - 1) / load_part_bytes(load, buffer.mapped_bytes) + 1;
	/* The mapping keeps the pages. */
	if (buffer.memfd >= 0)
		close(buffer.memfd);
	add_loader_spans(load, &times);
	return 0;
}

int udmabuf_gather(struct load *load)
{
	return load_by_loader(load, true);
}

int udmabuf_list(struct load *load)
{
	return load_by_loader(load, false);
}
