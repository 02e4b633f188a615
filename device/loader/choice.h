/* SPDX-License-Identifier: MIT */
#ifndef LOADER_CHOICE_H
#define LOADER_CHOICE_H

#include "dmabuf_loader.h"
#include "wrapfd.h"

/* The devices that memory comes from; -1 for each that a load does not need. */
struct devices {
	int udmabuf;
	int heap;
	struct wrapfd_device wrapfd;
	int module;
};

#define NO_DEVICES                                                               \
	{                                                                        \
		.udmabuf = -1, .heap = -1, .wrapfd = { .fd = -1 }, .module = -1, \
	}

/*
 * Opens what makes buffers of at most @bytes each: the memory that @options name, or the first that there is. Returns 0
 * with @devices, which the caller closes, or -1 with @error; @choice tells of every attempt in either case.
 */
int choice_make(const struct dmabuf_loader_options *options, uint64_t bytes, struct devices *devices,
		struct dmabuf_loader_choice *choice, struct dmabuf_loader_error *error);

/* Opens what a buffer of this memory is filled again with, unless it is open. Returns 0, or -1 with @error. */
int devices_open_to_fill(struct devices *devices, enum dmabuf_loader_memory memory, struct dmabuf_loader_error *error);

void devices_close(struct devices *devices);

/* Whether it is memfds, populated piece by piece. */
bool is_shared_memory(enum dmabuf_loader_memory memory);

/* Whether the kernel reads into it when it is told which part. */
bool is_read_by_kernel(enum dmabuf_loader_memory memory);

#endif
