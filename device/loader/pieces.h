/* SPDX-License-Identifier: MIT */
#ifndef LOADER_PIECES_H
#define LOADER_PIECES_H

#include "dmabuf_loader.h"

/* A gather's worth of one range. */
struct piece {
	uint64_t file_offset;
	uint64_t bytes;
	uint64_t buffer_offset;
	uint32_t buffer;
};

struct pieces {
	struct piece *all; /* in the order of the ranges; freed by the owner */
	uint64_t count;
	uint64_t bytes; /* of all */
};

/* Refuses ranges that are none, that overlap in a buffer, or that do not lie in the file and in their buffer. */
int ranges_check(const struct dmabuf_loader_plan *plan, uint64_t file_bytes, struct dmabuf_loader_error *error);

/* Cuts them; where a range is cut, its file offset is a multiple of @align_bytes, as @gather_bytes is. */
int pieces_cut(struct pieces *pieces, const struct dmabuf_loader_plan *plan, uint64_t gather_bytes,
	       uint64_t align_bytes, struct dmabuf_loader_error *error);

#endif
