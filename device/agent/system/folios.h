/* SPDX-License-Identifier: MIT */
#ifndef AGENT_FOLIOS_H
#define AGENT_FOLIOS_H

#include <stdint.h>

/* What the kernel gave for a mapping. -1: it does not tell this user (root, CONFIG_PROC_PAGE_MONITOR). */
struct folios {
	int64_t count;	     /* pieces of memory that it handles as one, single pages among them */
	int64_t large_bytes; /* in those of more than one page, of hugetlb as well */
};

struct folios folios_of(const char *address, uint64_t bytes);

#endif
