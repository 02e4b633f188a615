/* SPDX-License-Identifier: MIT */
#ifndef AGENT_CATALOGUE_H
#define AGENT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

struct load;

enum buffer { BUFFER_DMA_HEAP, BUFFER_UDMABUF, BUFFER_MEMFD };

enum overlap {
	OVERLAP_NONE,
	OVERLAP_ASYNC,	/* one reader beside the caller, which allocates */
	OVERLAP_GATHER, /* readers follow the gathers: --gather and --readers count */
};

/* How the file's bytes come into the buffer. */
enum fill {
	FILL_READ,
	FILL_MMAP_COPY,
	FILL_SENDFILE,
	FILL_COPY_FILE_RANGE,
	FILL_DONTCACHE, /* read() through the page cache, whose pages are dropped at once (RWF_DONTCACHE) */
	FILL_IOCTL,	/* the kernel reads into the buffer, and may allocate it in the same call */
};

/* One way to get a file into a buffer, with what tells it from the others; contract/schemes.ts says more of each. */
struct scheme {
	const char *id;
	enum buffer buffer;
	enum fill fill;
	enum overlap overlap;
	bool direct;
	int (*run)(struct load *load); /* timed; 0, or -1 with load->error */
};

/* The scheme of the catalogue with this id, or NULL. */
const struct scheme *scheme_find(const char *id);

/* The catalogue's schemes from 0 on, in its order; NULL behind the last. */
const struct scheme *scheme_at(size_t place);

/* Whether several populating threads have a memfd each at a time. */
bool scheme_has_memfd_per_gather(const struct scheme *scheme);

#endif
