/* SPDX-License-Identifier: MIT */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include "dmabuf_loader.h"

/* Refuses what no kernel could do. Returns 0, or -1 with @error. */
int options_check(const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error);

#endif
