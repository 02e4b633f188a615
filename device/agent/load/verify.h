/* SPDX-License-Identifier: MIT */
#ifndef AGENT_VERIFY_H
#define AGENT_VERIFY_H

#include "loader/dmabuf_loader.h"

/* What a buffer has of the file: all of it, or a segment that begins at a gather. */
struct loaded_part {
	const char *at;
	uint64_t offset;
	uint64_t bytes;
};

/* Compares every loaded byte. Returns 0, or -1 with the first wrong offset of the file in @error's reason. */
int verify_seed(const struct loaded_part *part, uint64_t seed, struct dmabuf_loader_error *error);

/* Reads the file again, through the page cache, and drops it from there afterwards. */
int verify_file(const struct loaded_part *part, int fd, struct dmabuf_loader_error *error);

#endif
