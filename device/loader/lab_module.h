/* SPDX-License-Identifier: MIT */
#ifndef LOADER_LAB_MODULE_H
#define LOADER_LAB_MODULE_H

#include "../module/dmabuf_lab_uapi.h"
#include "dmabuf_loader.h"

/* A file descriptor of the lab's kernel module, or -1 with @error. */
int lab_module_open(struct dmabuf_loader_error *error);

/* Whether the module is there and speaks this library's version of its interface. */
bool lab_module_offers(void);

/* Whether the module takes such a request; it has limits of its own. Returns 0, or -1 with @error. */
int lab_module_check(int device, const struct dmabuf_lab_read *request, struct dmabuf_loader_error *error);

/* DMABUF_LAB_IOC_ALLOC_AND_READ or DMABUF_LAB_IOC_READ_INTO. Returns 0, or -1 with @error. */
int lab_module_read(int device, unsigned long operation, struct dmabuf_lab_read *request,
		    struct dmabuf_loader_error *error);

/* What the module recorded of its gathers, as the loader tells it. */
void lab_module_tell_gathers(const struct dmabuf_lab_gather *from, uint64_t count,
			     struct dmabuf_loader_gather *gathers);

/* A file's first bytes into a new buffer, allocated and read side by side. */
struct lab_module_load {
	int file;
	uint64_t bytes;
	uint64_t gather_bytes;		      /* 0: the default; no less than the module's least */
	unsigned int readers;		      /* no more of them than the module has */
	struct dmabuf_loader_gather *gathers; /* filled; or NULL */
};

/* A dma-buf, or -1 with @error. */
int lab_module_load(int device, const struct lab_module_load *load, struct dmabuf_loader_error *error);

/* A buffer of whole pages with nothing in it: a dma-buf, or -1 with @error. */
int lab_module_alloc(int device, uint64_t bytes, struct dmabuf_loader_error *error);

#endif
