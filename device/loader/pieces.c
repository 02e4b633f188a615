/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "pieces.h"
#include "rounding.h"

static uint64_t room_of(const struct dmabuf_loader_buffer *buffer)
{
	return buffer->address ? buffer->mapped_bytes : buffer->bytes;
}

static int check_range(const struct dmabuf_loader_plan *plan, size_t at, uint64_t file_bytes,
		       struct dmabuf_loader_error *error)
{
	const struct dmabuf_loader_range *range = &plan->ranges[at];
	uint64_t room;

	if (!range->bytes)
		return load_failed(error, EINVAL, "range %zu is empty", at);
	if (range->buffer >= plan->buffer_count)
		return load_failed(error, EINVAL, "range %zu names buffer %" PRIu32 " of %zu", at, range->buffer,
				   plan->buffer_count);
	if (range->file_offset > file_bytes || range->bytes > file_bytes - range->file_offset)
		return load_failed(error, ENODATA, "range %zu ends beyond the file of %" PRIu64 " bytes", at,
				   file_bytes);
	room = room_of(&plan->buffers[range->buffer]);
	if (range->buffer_offset > room || range->bytes > room - range->buffer_offset)
		return load_failed(error, EINVAL, "range %zu ends beyond its buffer of %" PRIu64 " bytes", at, room);
	return 0;
}

static int by_place(const void *left, const void *right)
{
	const struct dmabuf_loader_range *a = left, *b = right;

	if (a->buffer != b->buffer)
		return a->buffer < b->buffer ? -1 : 1;
	return a->buffer_offset < b->buffer_offset ? -1 : a->buffer_offset > b->buffer_offset;
}

static int check_overlaps(const struct dmabuf_loader_plan *plan, struct dmabuf_loader_error *error)
{
	size_t bytes = plan->range_count * sizeof(*plan->ranges);
	struct dmabuf_loader_range *sorted = malloc(bytes);
	int result = 0;

	if (!sorted)
		return load_failed(error, ENOMEM, "no memory to check the ranges");
	memcpy(sorted, plan->ranges, bytes);
	qsort(sorted, plan->range_count, sizeof(*sorted), by_place);
	for (size_t i = 1; i < plan->range_count && !result; i++) {
		const struct dmabuf_loader_range *before = &sorted[i - 1], *range = &sorted[i];

		if (before->buffer == range->buffer && before->buffer_offset + before->bytes > range->buffer_offset)
			result = load_failed(error, EINVAL, "two ranges overlap at byte %" PRIu64 " of buffer %" PRIu32,
					     range->buffer_offset, range->buffer);
	}
	free(sorted);
	return result;
}

int ranges_check(const struct dmabuf_loader_plan *plan, uint64_t file_bytes, struct dmabuf_loader_error *error)
{
	if (!plan->range_count || plan->range_count > DMABUF_LOADER_MAX_RANGES)
		return load_failed(error, EINVAL, "%zu ranges; a task has 1 to %d", plan->range_count,
				   DMABUF_LOADER_MAX_RANGES);
	for (size_t at = 0; at < plan->range_count; at++)
		if (check_range(plan, at, file_bytes, error))
			return -1;
	return check_overlaps(plan, error);
}

/* Where the piece that begins at @from of a range ends: after a gather, less what its first block has in front. */
static uint64_t end_of_piece(const struct dmabuf_loader_range *range, uint64_t from, uint64_t gather_bytes,
			     uint64_t align_bytes)
{
	return smaller(range->bytes, from + gather_bytes - (range->file_offset + from) % align_bytes);
}

static uint64_t count_pieces(const struct dmabuf_loader_plan *plan, uint64_t gather_bytes, uint64_t align_bytes)
{
	uint64_t count = 0;

	for (size_t at = 0; at < plan->range_count; at++)
		for (uint64_t from = 0; from < plan->ranges[at].bytes; count++)
			from = end_of_piece(&plan->ranges[at], from, gather_bytes, align_bytes);
	return count;
}

int pieces_cut(struct pieces *pieces, const struct dmabuf_loader_plan *plan, uint64_t gather_bytes,
	       uint64_t align_bytes, struct dmabuf_loader_error *error)
{
	pieces->count = 0;
	pieces->bytes = 0;
	pieces->all = calloc(count_pieces(plan, gather_bytes, align_bytes), sizeof(*pieces->all));
	if (!pieces->all)
		return load_failed(error, ENOMEM, "no memory for the gathers");
	for (size_t at = 0; at < plan->range_count; at++) {
		const struct dmabuf_loader_range *range = &plan->ranges[at];

		for (uint64_t from = 0; from < range->bytes;) {
			uint64_t end = end_of_piece(range, from, gather_bytes, align_bytes);

			pieces->all[pieces->count++] = (struct piece){
				.file_offset = range->file_offset + from,
				.bytes = end - from,
				.buffer_offset = range->buffer_offset + from,
				.buffer = range->buffer,
			};
			from = end;
		}
		pieces->bytes += range->bytes;
	}
	return 0;
}
