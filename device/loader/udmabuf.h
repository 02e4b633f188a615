/* SPDX-License-Identifier: MIT */
#ifndef LOADER_UDMABUF_H
#define LOADER_UDMABUF_H

#include "dmabuf_loader.h"

/* Both return a file descriptor, or -1 with @error. */
int udmabuf_open(struct dmabuf_loader_error *error);
int udmabuf_create(int device, int memfd, uint64_t bytes, struct dmabuf_loader_error *error);

#endif
