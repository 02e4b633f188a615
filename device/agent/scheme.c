/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "load.h"
#include "scheme_memfd.h"

/* The catalogue of contract/schemes.ts, as far as a stock kernel runs it. */
static const struct scheme schemes[] = {
	{ .id = "memfd-buffered", .run = memfd_serial, .release = load_release_memory },
	{ .id = "memfd-direct", .direct = true, .run = memfd_serial, .release = load_release_memory },
	{ .id = "memfd-mmap-copy", .run = memfd_mmap_copy, .release = load_release_memory },
	{ .id = "memfd-sendfile-buffered", .run = memfd_sendfile, .release = load_release_memory },
	{ .id = "memfd-sendfile-direct", .direct = true, .run = memfd_sendfile, .release = load_release_memory },
	{ .id = "memfd-async-direct", .direct = true, .reader_thread = true, .run = memfd_async,
	  .release = load_release_memory },
	{ .id = "memfd-gather-direct", .direct = true, .gathers = true, .run = memfd_gather,
	  .release = load_release_memory },
	{ .id = "memfd-gather-buffered", .gathers = true, .run = memfd_gather, .release = load_release_memory },
};

const struct scheme *scheme_find(const char *id)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strcmp(schemes[i].id, id) == 0)
			return &schemes[i];
	return NULL;
}
