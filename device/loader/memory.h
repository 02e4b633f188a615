/* SPDX-License-Identifier: MIT */
#ifndef LOADER_MEMORY_H
#define LOADER_MEMORY_H

#include "dmabuf_loader.h"

/* Shared memory (memfd) that becomes, or stands in for, a dma-buf. */
struct memory {
	int fd;
	char *address;		/* NULL until mapped */
	uint64_t bytes;		/* whole pages */
};

/* A memfd of @bytes that nobody can shrink, as UDMABUF_CREATE demands. Nothing is allocated yet. */
int memory_create(struct memory *memory, uint64_t bytes, struct dmabuf_loader_error *error);
int memory_map(struct memory *memory, bool huge_pages, struct dmabuf_loader_error *error);
void memory_free(struct memory *memory);

/* Allocates, zeroes and maps the pages of a range. Never changes what a page already holds. */
int memory_populate(char *address, uint64_t bytes, struct dmabuf_loader_error *error);

#endif
