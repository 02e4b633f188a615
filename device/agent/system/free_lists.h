/* SPDX-License-Identifier: MIT */
#ifndef AGENT_FREE_LISTS_H
#define AGENT_FREE_LISTS_H

#include <stdint.h>

/* Free memory on all processors' own lists; -1 where the kernel does not tell. */
int64_t free_list_bytes(void);

/*
 * Gives the pages that were freed last back to the buddy allocator, where they join their neighbours again. Each
 * processor keeps a list of such pages and hands out the last one first (mm/page_alloc.c: pcp lists, up to an eighth
 * of the zone's memory since Linux 6.7), so that a load right after another one gets the other's pages one by one in
 * reverse order: no two of them adjoin, and each is a segment of its own to the storage. Needs root, and Linux 6.7,
 * whose statistics refresh shortens the lists; does nothing elsewhere.
 */
void settle_free_lists(void);

#endif
