/* SPDX-License-Identifier: MIT */
#ifndef LOADER_MEMORY_H
#define LOADER_MEMORY_H

#include "dmabuf_loader.h"

/* Shared memory (memfd) that becomes, or stands in for, a dma-buf. */
struct memory {
	int fd;
	char *address;	 /* NULL until mapped */
	uint64_t bytes;	 /* whole pages */
	bool huge_pages; /* asked for; the kernel may still give small ones */
};

/* A memfd of @bytes that nobody can shrink, as UDMABUF_CREATE demands. Nothing is allocated yet. */
int memory_create(struct memory *memory, uint64_t bytes, struct dmabuf_loader_error *error);
int memory_map(struct memory *memory, bool huge_pages, struct dmabuf_loader_error *error);
void memory_free(struct memory *memory);

/*
 * Both allocate, zero and map the pages of a range; offset and bytes are whole pages. The first is the cheaper one and
 * overwrites what the pages hold; the second never does, and can run beside a read into them.
 */
int memory_populate(const struct memory *memory, uint64_t offset, uint64_t bytes, struct dmabuf_loader_error *error);
int memory_populate_in_use(const struct memory *memory, uint64_t offset, uint64_t bytes,
			   struct dmabuf_loader_error *error);

#endif
