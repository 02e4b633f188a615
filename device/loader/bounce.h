/* SPDX-License-Identifier: MIT */
#ifndef LOADER_BOUNCE_H
#define LOADER_BOUNCE_H

#include <stdatomic.h>

#include "source.h"

/* Exactly these bytes of a file, to an address that need not be aligned. */
struct exact_read {
	const struct source *source;
	uint64_t offset;
	uint64_t bytes;
	char *to;
	bool all_bounced;	      /* nothing goes straight: the memory takes no direct reads */
	const atomic_bool *cancelled; /* looked at before every system call */
};

/*
 * Whole blocks are read straight to their place where that is as aligned as the file's; a part of a block, or what is
 * not, goes through a buffer. Nothing beside the bytes asked for is written. Returns 0, or -1 with @error.
 */
int read_exactly(struct exact_read read, struct dmabuf_loader_error *error);

#endif
