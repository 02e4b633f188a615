/* SPDX-License-Identifier: MIT */
#ifndef AGENT_VERIFY_H
#define AGENT_VERIFY_H

#include "loader/dmabuf_loader.h"

/* Compares every loaded byte. Returns 0, or -1 with the first wrong offset in @error's reason. */
int verify_seed(const char *loaded, uint64_t seed, uint64_t bytes, struct dmabuf_loader_error *error);

/* Reads the file again, through the page cache, and drops it from there afterwards. */
int verify_file(const char *loaded, int fd, uint64_t bytes, struct dmabuf_loader_error *error);

#endif
