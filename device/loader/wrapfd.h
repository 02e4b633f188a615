/* SPDX-License-Identifier: MIT */
#ifndef LOADER_WRAPFD_H
#define LOADER_WRAPFD_H

#include <stdbool.h>
#include <stdint.h>

#include "dmabuf_loader.h"

/*
 * Android's wrapfd: a dma-buf is wrapped and owned, and the kernel loads a file into it. Both layouts of its interface
 * are spoken; which one a device has is found by asking in the current one first.
 */
struct wrapfd_device {
	int fd;
	bool is_module; /* the lab's own, on a kernel without it */
};

/* /dev/wrapfd, or the kernel module's node. Returns 0, or -1 with @error. */
int wrapfd_open(struct wrapfd_device *device, struct dmabuf_loader_error *error);
void wrapfd_close(struct wrapfd_device *device);

/* A new wrapfd for the dma-buf, for reading and writing, owned by this process; or -1 with @error. */
int wrapfd_own(const struct wrapfd_device *device, int dmabuf, struct dmabuf_loader_error *error);

/* What is loaded: so many bytes of the file, to an offset of the buffer. */
struct wrapfd_part {
	int file;
	uint64_t file_offset;
	uint64_t buffer_offset;
	uint64_t bytes;
};

/* Returns 0, or -1 with @error. */
int wrapfd_load(int wrapfd, const struct wrapfd_part *part, struct dmabuf_loader_error *error);

#endif
