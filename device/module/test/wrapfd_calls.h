/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests ask of the module's wrapfd device. All return 0, a descriptor
 * or a negative errno.
 */
#ifndef WRAPFD_CALLS_H
#define WRAPFD_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "lab_wrapfd_uapi.h"

int wrapfd_device(void);
int wrapfd_wrap(int dmabuf_fd, uint32_t prot);
int wrapfd_state(int fd);
int wrapfd_ask(int fd, unsigned long command);
int wrapfd_rewrap(int fd, uint32_t prot);

/* A part of a file; @earlier asks in the earlier layout. */
struct wrapfd_part {
	int file_fd;
	uint64_t file_offs;
	uint64_t buf_offs;
	uint64_t len;
	bool earlier;
};

int wrapfd_load(int fd, struct wrapfd_part part);

/* Wraps, owns, loads all of it to the buffer's start and closes the wrapfd again. */
int wrapfd_load_once(int dmabuf_fd, struct wrapfd_part part);

/* The module's parameter. */
void set_wrapfd_later_rules(bool later);

#endif
