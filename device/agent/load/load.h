/* SPDX-License-Identifier: MIT */
#ifndef AGENT_LOAD_H
#define AGENT_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "commands/measure_options.h"
#include "in_kernel/in_kernel_way.h"
#include "load/span.h"
#include "loader/memory.h"
#include "loader/source.h"
#include "schemes/catalogue.h"

/* One timed load. A scheme fills it; whatever is open or mapped is given back by load_release(). */
struct load {
	int64_t command_start_ns; /* when the agent took up its command */
	const struct measure_options *options;
	const struct scheme *scheme;
	struct span_log log;
	struct source source;
	struct memory memory;
	int device;    /* the heap or /dev/udmabuf; -1: none */
	int dmabuf;    /* -1: none */
	char *mapping; /* of the dma-buf, NULL where the scheme needs none */
	uint64_t mapping_bytes;
	struct dmabuf_loader_gather *gathers;	  /* of the gather schemes, else NULL */
	struct dmabuf_lab_gather *kernel_gathers; /* of the kernel module's loads, else NULL */
	uint64_t gather_count;
	uint64_t gather_bytes;	 /* as used: rounded to pages and blocks */
	int64_t first_gather_ns; /* -1: no gathers */
	enum in_kernel_way way;	 /* of the in-kernel schemes, else WAY_NONE */
	int *segments;		 /* dma-bufs, one for each gather, where the scheme makes several; else NULL */
	uint64_t memfds;	 /* that the buffer's memory is in; 0: none */
	bool through_module;	 /* by wrapfd as the lab's kernel module offers it */
	bool emulated;		 /* the kernel module did what this kernel cannot */
	struct dmabuf_loader_error error;
};

/* Steps that several schemes share; each adds its span. They return 0, or -1 with load->error. */
int load_open_source(struct load *load);
/* The heap, then the source. */
int load_open_heap(struct load *load);
/* A memfd for each populating thread's share of a gather has no lock that another thread wants. */
/* Bytes of such a memfd, in memory of @bytes. */
uint64_t load_part_bytes(const struct load *load, uint64_t bytes);
enum memfds { ONE_MEMFD, MEMFD_PER_GATHER };
int load_create_memory(struct load *load, enum memfds memfds);
int load_populate(struct load *load);
/* The same where a reader is already at work. */
int load_populate_in_use(struct load *load);
/* Reads the whole file to @target, on this thread. */
int load_read(struct load *load, char *target);
/* The same through the page cache, whose pages are dropped as they are copied (RWF_DONTCACHE, Linux 6.14). */
int load_read_dontcache(struct load *load, char *target);
int load_gathers(struct load *load);
/* Reads the whole file into the memory on a thread of its own while @meanwhile runs on this one. */
int load_read_beside(struct load *load, int (*meanwhile)(struct load *load));
int load_copy_from_mapping(struct load *load, char *target);
int load_sendfile(struct load *load, int target);
/* Spans of the gathers' records, once every thread has ended. */
void load_add_gather_spans(struct load *load);
/* Gives everything back that the load holds. */
void load_release(struct load *load);

#endif
