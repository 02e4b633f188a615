/* SPDX-License-Identifier: MIT */
#ifndef AGENT_MEMFD_SCHEMES_H
#define AGENT_MEMFD_SCHEMES_H

#include "load/load.h"

/* Loads into plain shared memory: the baseline that any Linux has. */
int memfd_serial(struct load *load);
int memfd_dontcache(struct load *load);
int memfd_mmap_copy(struct load *load);
int memfd_sendfile(struct load *load);
int memfd_async(struct load *load);
int memfd_gather(struct load *load);
/* A memfd for each populating thread's share of a gather, in one mapping. */
int memfd_list(struct load *load);

#endif
