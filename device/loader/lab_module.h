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

#endif
