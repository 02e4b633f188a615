/* SPDX-License-Identifier: MIT */
#ifndef LOADER_ERROR_H
#define LOADER_ERROR_H

#include <stdbool.h>

#include "dmabuf_loader.h"

/* All return -1, for `return load_failed(...)`. */
int load_failed(struct dmabuf_loader_error *error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int load_refused(struct dmabuf_loader_error *error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether a node's owner and mode let this user open it for @access (R_OK, W_OK), whatever a policy says. */
bool load_mode_admits(const char *path, unsigned int access);

/* A device node that this user may not open for @access (R_OK, W_OK); says what would help. */
int load_denied(struct dmabuf_loader_error *error, int number, const char *path, unsigned int access);

#endif
