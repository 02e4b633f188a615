/* SPDX-License-Identifier: MIT */
#ifndef LOADER_MEMORY_H
#define LOADER_MEMORY_H

#include <sys/mman.h>

#include "dmabuf_loader.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Small enough to stay in a core's cache, so that writing it costs about what clearing the pages would. */
#define ZEROS_BYTES (64ULL << 10)

/* How shared memory is laid out. All but @bytes zero: one memfd of small pages. */
struct memory_layout {
	uint64_t bytes;	     /* whole pages */
	uint64_t part_bytes; /* a memfd for each so many; 0: one for all */
	bool huge_pages;     /* ask for transparent ones; the kernel may still give small ones */
	/* Pages of this size out of the kernel's reserved pool (hugetlb), or 0. */
	uint64_t hugetlb_bytes;
};

/* Shared memory that becomes, or stands in for, a dma-buf: memfds, one after the other in one mapping. All zero: none. */
struct memory {
	int *fds;
	size_t count;
	uint64_t part_bytes; /* in each but the last, which has the rest */
	char *address;	     /* NULL until mapped */
	uint64_t bytes;	     /* whole pages, of hugetlb where they are asked for */
	bool huge_pages;     /* of either kind */
	uint64_t hugetlb_bytes;
};

/* Whether the kernel gives huge pages of 2 MiB to shared memory that asks for them. */
bool memory_gives_huge_pages(void);

/* A part for each slice, in whole huge pages where they are asked for, but no more parts than a list may have. */
uint64_t memory_part_bytes(uint64_t bytes, uint64_t slice_bytes, bool huge_pages);

/* Memfds that nobody can shrink, as udmabuf demands. Nothing is allocated yet. */
int memory_create(struct memory *memory, const struct memory_layout *layout, struct dmabuf_loader_error *error);
int memory_map(struct memory *memory, struct dmabuf_loader_error *error);
/* Closes the memfds but @one that is to stay, which is returned; else -1. The pages live on with their mapping. */
int memory_keep_file(struct memory *memory, bool one);
void memory_free(struct memory *memory);

/*
 * Both allocate, zero and map the pages of a range; offset and bytes are whole pages. The first is the cheaper one and
 * overwrites what the pages hold; the second never does, and can run beside a read into them.
 */
int memory_populate(const struct memory *memory, uint64_t offset, uint64_t bytes, struct dmabuf_loader_error *error);
int memory_populate_in_use(const struct memory *memory, uint64_t offset, uint64_t bytes,
			   struct dmabuf_loader_error *error);

#endif
