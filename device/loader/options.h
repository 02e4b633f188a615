/* SPDX-License-Identifier: MIT */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include "dmabuf_loader.h"

/* The readers of a load: those asked for, or else the default. */
unsigned int options_readers(const struct dmabuf_loader_options *options);

/* The populating threads of a load: those asked for, or else as many as its pages are worth. */
unsigned int options_populators(const struct dmabuf_loader_options *options);

/* The gather that is asked for, or else what suits a load of so many bytes into such pages. */
uint64_t options_gather_bytes(const struct dmabuf_loader_options *options, uint64_t bytes);

/* Refuses what no kernel could do. Returns 0, or -1 with @error. */
int options_check(const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error);

#endif
