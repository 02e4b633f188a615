/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "loader/clock.h"
#include "loader/dma_heap.h"
#include "loader/error.h"
#include "loader/gather.h"
#include "loader/rounding.h"
#include "loader/wrapfd.h"
#include "schemes/wrapfd_schemes.h"

/* One load through wrapfd. What is still wrapped at its end is closed with it; the dma-bufs are the load's. */
struct wrapfd_load_state {
	struct load *load;
	struct wrapfd_device device;
	int *wraps;
	uint64_t wrap_count;
};

static uint64_t gather_bytes_at(const struct load *load, uint64_t gather)
{
	return smaller(load->gather_bytes, load->options->bytes - gather * load->gather_bytes);
}

static int begin(struct wrapfd_load_state *state, struct load *load, uint64_t wraps)
{
	int64_t start;

	*state = (struct wrapfd_load_state){ .load = load, .device = { .fd = -1 }, .wrap_count = wraps };
	if (load_open_heap(load))
		return -1;
	start = now_ns();
	state->wraps = malloc(wraps * sizeof(*state->wraps));
	if (!state->wraps)
		return load_failed(&load->error, ENOMEM, "no memory for the wrapfds");
	for (uint64_t i = 0; i < wraps; i++)
		state->wraps[i] = -1;
	if (wrapfd_open(&state->device, &load->error))
		return -1;
	load->through_module = state->device.is_module;
	span_add(&load->log, LANE_CALLER, PHASE_OPEN, start, now_ns(), 0, NO_GATHER);
	return 0;
}

static int end(struct wrapfd_load_state *state, int result)
{
	for (uint64_t i = 0; state->wraps && i < state->wrap_count; i++)
		if (state->wraps[i] >= 0)
			close(state->wraps[i]);
	free(state->wraps);
	wrapfd_close(&state->device);
	return result;
}

static int alloc_whole(struct load *load)
{
	load->dmabuf = dma_heap_alloc(load->device, source_rounded(&load->source, load->options->bytes), &load->error);
	return load->dmabuf < 0 ? -1 : 0;
}

static int own(struct wrapfd_load_state *state, uint64_t wrap, int dmabuf, struct dmabuf_loader_error *error)
{
	state->wraps[wrap] = wrapfd_own(&state->device, dmabuf, error);
	return state->wraps[wrap] < 0 ? -1 : 0;
}

static int load_whole(struct wrapfd_load_state *state)
{
	struct load *load = state->load;
	struct wrapfd_part whole = { .file = load->source.fd, .bytes = load->options->bytes };
	int64_t start = now_ns(), allocated, owned;

	if (alloc_whole(load))
		return -1;
	allocated = now_ns();
	span_add(&load->log, LANE_ALLOCATOR, PHASE_ALLOC, start, allocated, whole.bytes, NO_GATHER);
	if (own(state, 0, load->dmabuf, &load->error))
		return -1;
	owned = now_ns();
	span_add(&load->log, LANE_CALLER, PHASE_MAP, allocated, owned, whole.bytes, NO_GATHER);
	if (wrapfd_load(state->wraps[0], &whole, &load->error))
		return -1;
	span_add(&load->log, LANE_READER, PHASE_READ, owned, now_ns(), whole.bytes, NO_GATHER);
	return 0;
}

int wrapfd_serial(struct load *load)
{
	struct wrapfd_load_state state;

	return end(&state, begin(&state, load, 1) || load_whole(&state) ? -1 : 0);
}

/* The gather engine's two lanes, where gathers are no parts of one memfd. */
static int load_gathers_with(struct wrapfd_load_state *state, const struct gather_work *work)
{
	struct load *load = state->load;
	struct gather_job job = {
		.source = &load->source,
		.bytes = load->options->bytes,
		.gather_bytes = load->gather_bytes,
		.readers = (unsigned int)load->options->readers,
		.populators = 1,
		.gathers = load->gathers,
		.work = work,
		.context = state,
	};

	return gather_load(&job, &load->error);
}

static int alloc_segment(void *context, struct gather_part part, struct dmabuf_loader_error *error)
{
	struct wrapfd_load_state *state = context;
	struct load *load = state->load;
	uint64_t gather = part.gather;
	uint64_t bytes = source_rounded(&load->source, gather_bytes_at(load, gather));

	load->segments[gather] = dma_heap_alloc(load->device, bytes, error);
	return load->segments[gather] < 0 ? -1 : own(state, gather, load->segments[gather], error);
}

static int read_segment(void *context, uint64_t gather, unsigned int reader, struct dmabuf_loader_error *error)
{
	struct wrapfd_load_state *state = context;
	struct load *load = state->load;
	struct wrapfd_part part = {
		.file = load->source.fd,
		.file_offset = gather * load->gather_bytes,
		.bytes = gather_bytes_at(load, gather),
	};

	(void)reader;
	return wrapfd_load(state->wraps[gather], &part, error);
}

static int make_segments(struct load *load)
{
	load->segments = malloc(load->gather_count * sizeof(*load->segments));
	if (!load->segments)
		return load_failed(&load->error, ENOMEM, "no memory for the segments");
	for (uint64_t i = 0; i < load->gather_count; i++)
		load->segments[i] = -1;
	return 0;
}

int wrapfd_segments(struct load *load)
{
	static const struct gather_work work = { .allocate = alloc_segment, .read = read_segment };
	struct wrapfd_load_state state;
	int failed = begin(&state, load, load->gather_count) || make_segments(load);

	return end(&state, failed || load_gathers_with(&state, &work) ? -1 : 0);
}

/* The first gather is all of the allocation. */
static int alloc_slices(void *context, struct gather_part part, struct dmabuf_loader_error *error)
{
	struct wrapfd_load_state *state = context;
	struct load *load = state->load;

	if (part.gather)
		return 0;
	load->dmabuf = dma_heap_alloc(load->device, source_rounded(&load->source, load->options->bytes), error);
	if (load->dmabuf < 0)
		return -1;
	for (uint64_t wrap = 0; wrap < state->wrap_count; wrap++)
		if (own(state, wrap, load->dmabuf, error))
			return -1;
	return 0;
}

static int read_slice(void *context, uint64_t gather, unsigned int reader, struct dmabuf_loader_error *error)
{
	struct wrapfd_load_state *state = context;
	struct load *load = state->load;
	struct wrapfd_part part = {
		.file = load->source.fd,
		.file_offset = gather * load->gather_bytes,
		.buffer_offset = gather * load->gather_bytes,
		.bytes = gather_bytes_at(load, gather),
	};

	return wrapfd_load(state->wraps[reader], &part, error);
}

int wrapfd_slices(struct load *load)
{
	static const struct gather_work work = { .allocate = alloc_slices, .read = read_slice };
	struct wrapfd_load_state state;
	int failed = begin(&state, load, (uint64_t)load->options->readers);

	return end(&state, failed || load_gathers_with(&state, &work) ? -1 : 0);
}
