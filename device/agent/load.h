/* SPDX-License-Identifier: MIT */
#ifndef AGENT_LOAD_H
#define AGENT_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "../loader/memory.h"
#include "../loader/source.h"
#include "span.h"

enum verify { VERIFY_NONE, VERIFY_SEED, VERIFY_FILE };

struct measure_options {
	const char *path;
	const char *heap;
	uint64_t bytes;
	uint64_t gather_bytes;
	uint64_t readers;
	uint64_t populators;
	uint64_t seed;
	enum verify verify;
	bool cold;
	bool huge_pages;
};

/* One timed load. A scheme fills it; whatever is open or mapped belongs to release(). */
struct load {
	const struct measure_options *options;
	const struct scheme *scheme;
	struct span_log log;
	struct source source;
	struct memory memory;
	struct dmabuf_loader_gather *gathers;	/* of the gather schemes, else NULL */
	uint64_t gather_count;
	uint64_t gather_bytes;			/* as used: rounded to pages and blocks */
	int64_t first_gather_ns;		/* -1: no gathers */
	const char *loaded;			/* where the bytes can be checked after the load */
	struct dmabuf_loader_error error;
};

struct scheme {
	const char *id;
	bool direct;
	bool gathers;				/* follows --gather and --readers */
	bool reader_thread;			/* one reader apart from the caller */
	int (*run)(struct load *load);		/* timed; 0, or -1 with load->error */
	void (*release)(struct load *load);	/* timed apart; also after a failed run */
};

const struct scheme *scheme_find(const char *id);

/* Steps that several schemes share; each adds its span. They return 0, or -1 with load->error. */
int load_open_source(struct load *load);
int load_create_memory(struct load *load);
int load_populate(struct load *load);
int load_read(struct load *load);
int load_gathers(struct load *load);
/* Reads the whole file into the memory on a thread of its own while @meanwhile runs on this one. */
int load_read_beside(struct load *load, int (*meanwhile)(struct load *load));
int load_copy_from_mapping(struct load *load, char *target);
int load_sendfile(struct load *load, int target);
void load_add_gather_spans(struct load *load);
void load_release_memory(struct load *load);

#endif
