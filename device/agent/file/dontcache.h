/* SPDX-License-Identifier: MIT */
#ifndef AGENT_DONTCACHE_H
#define AGENT_DONTCACHE_H

#include <stdint.h>

#include "loader/dmabuf_loader.h"

/*
 * A buffered read whose pages leave the page cache again (RWF_DONTCACHE, Linux 6.14: preadv2(2)). At most 32 MiB at a
 * time, for a stopped process must go at once. Returns what it read, or -1 with errno.
 */
int64_t dontcache_read(int fd, char *target, uint64_t bytes, uint64_t offset);

/* Says by an errno whether such reads are there at all. Returns -1. */
int dontcache_failed(int number, uint64_t offset, struct dmabuf_loader_error *error);

#endif
