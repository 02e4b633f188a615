/* SPDX-License-Identifier: MIT */
#ifndef AGENT_DEEP_READ_H
#define AGENT_DEEP_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "loader/dmabuf_loader.h"

struct deep_read_task {
	const char *path;
	uint64_t bytes; /* the file's first */
	uint64_t block_bytes;
	unsigned int depth; /* blocks in flight */
	bool direct;
	char *into; /* each block to its place in here; NULL: to the same few blocks again and again */
};

struct deep_read_result {
	uint64_t bytes;
	int64_t ns;   /* from the first submission to the last completion */
	bool threads; /* by blocking threads, because the kernel has no native asynchronous I/O */
};

/*
 * Reads a file in order, keeping some blocks in flight. The data is thrown away, unless it goes into a buffer. Direct
 * reads are Linux native AIO (io_submit(2)) where the kernel has it; else, and through the page cache, as many threads
 * read as blocks are in flight. Returns 0, or -1 with @error.
 */
int deep_read(const struct deep_read_task *task, struct deep_read_result *result, struct dmabuf_loader_error *error);

#endif
