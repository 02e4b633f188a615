/* SPDX-License-Identifier: MIT */
#ifndef AGENT_PAGE_CACHE_H
#define AGENT_PAGE_CACHE_H

#include <stdint.h>

/* Bytes of the file's first @bytes that are in the page cache, or -1 where the kernel does not tell this user. */
int64_t resident_bytes(int fd, uint64_t bytes);

/*
 * Drops the file from the page cache as far as this user can: drop_caches as root; else, and in tests, fsync and
 * fadvise.
 */
void drop_caches(int fd);

/* Drops this file only. */
void drop_file_cache(int fd);

#endif
