/* SPDX-License-Identifier: MIT */
#ifndef AGENT_DEEP_READ_H
#define AGENT_DEEP_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "loader/dmabuf_loader.h"

struct deep_read_result {
	uint64_t bytes;
	int64_t ns;   /* from the first submission to the last completion */
	bool threads; /* by blocking threads, because the kernel has no native asynchronous I/O */
};

/*
 * Reads a file's first bytes in order with O_DIRECT, keeping @depth blocks in flight. The data is thrown away.
 * Linux native AIO (io_submit(2)) where the kernel has it, else @depth threads. Returns 0, or -1 with @error.
 */
int deep_read(const char *path, uint64_t bytes, uint64_t block_bytes, unsigned int depth,
	      struct deep_read_result *result, struct dmabuf_loader_error *error);

#endif
