/* SPDX-License-Identifier: MIT */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include "dmabuf_loader.h"

/* The populating threads of a load: those asked for, or else as many as its pages are worth. */
unsigned int options_populators(const struct dmabuf_loader_options *options);

/* Refuses what no kernel could do. Returns 0, or -1 with @error. */
int options_check(const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error);

#endif
