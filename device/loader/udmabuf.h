/* SPDX-License-Identifier: MIT */
#ifndef LOADER_UDMABUF_H
#define LOADER_UDMABUF_H

#include "memory.h"

#define UDMABUF_SIZE_LIMIT_PATH "/sys/module/udmabuf/parameters/size_limit_mb"

/* Both return a file descriptor, or -1 with @error. The second joins the memory's memfds in their order. */
int udmabuf_open(struct dmabuf_loader_error *error);
int udmabuf_create(int device, const struct memory *memory, struct dmabuf_loader_error *error);

/* The most memfds that one udmabuf is made of; @otherwise where the kernel does not tell. */
uint64_t udmabuf_list_limit(uint64_t otherwise);

/* Refuses what the module's size limit does not admit before any work is done; both numbers are in the reason. */
int udmabuf_check_limit(uint64_t bytes, struct dmabuf_loader_error *error);

/* Refuses, as early, a buffer whose list of pages this kernel cannot allocate. */
int udmabuf_check_pages(int device, uint64_t bytes, struct dmabuf_loader_error *error);

#endif
