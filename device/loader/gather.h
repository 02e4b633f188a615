/* SPDX-License-Identifier: MIT */
#ifndef LOADER_GATHER_H
#define LOADER_GATHER_H

#include "memory.h"
#include "source.h"

/* What one populating thread takes of a gather at a time: the @part-th of @parts. */
struct gather_part {
	uint64_t gather;
	uint32_t part;
	uint32_t parts;
};

/* What is done with a gather where gathers are not parts of one memory. Each returns 0, or -1 with @error. */
struct gather_work {
	/* On the populating threads, which take the gathers in order: with one, each begins when the last is allocated. */
	int (*allocate)(void *context, struct gather_part part, struct dmabuf_loader_error *error);
	/* On a reader's thread, once the gather is allocated. */
	int (*read)(void *context, uint64_t gather, unsigned int reader, struct dmabuf_loader_error *error);
	/* How many there are, where they are no even parts of one range; 0: cut from the job's bytes. */
	uint64_t gathers;
	/* Every populating thread takes a part of every gather, so that each is there soonest; else a whole one. */
	bool shared;
};

/* What the gather engine loads: a file into mapped, not yet populated memory. */
struct gather_job {
	const struct source *source;
	const struct memory *memory; /* mapped, with room for source_rounded(bytes); NULL with @work */
	uint64_t bytes;
	uint64_t gather_bytes; /* a multiple of the page and of the source's alignment */
	unsigned int readers;
	unsigned int populators;
	struct dmabuf_loader_gather *gathers; /* filled; one per gather */
	const struct gather_work *work;	      /* in place of populating and reading into @memory; or NULL */
	/* Runs on the calling thread when everything is populated and the readers may still be at work; or NULL. */
	int (*populated)(void *context, struct dmabuf_loader_error *error);
	void *context;
};

/* The gather as it is used: whole pages and whole blocks, or the next direct read could not start where it ends. */
uint64_t gather_rounded(uint64_t gather_bytes, uint64_t align_bytes);

/* What one populating thread takes of a gather at a time: whole huge pages, unless the gather is smaller. */
uint64_t gather_slice_bytes(uint64_t gather_bytes, unsigned int populators);

/*
 * Populates gather by gather, in order, on this thread and populators - 1 more; readers take the gathers in order
 * as they are ready. Returns when every thread has ended: 0, or -1 with the first error.
 */
int gather_load(const struct gather_job *job, struct dmabuf_loader_error *error);

#endif
