/* SPDX-License-Identifier: MIT */
#ifndef AGENT_HEAP_SCHEMES_H
#define AGENT_HEAP_SCHEMES_H

#include "load/load.h"

/* Loads into a buffer of a dma-heap, as far as a stock kernel lets user space do it. */
int heap_normal(struct load *load);
int heap_dontcache(struct load *load);
int heap_mmap_copy(struct load *load);
int heap_sendfile(struct load *load);
int heap_copy_file_range(struct load *load);

#endif
