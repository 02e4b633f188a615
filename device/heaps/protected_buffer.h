/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buffers that devices may use and the CPU may not.
 */
#ifndef PROTECTED_BUFFER_H
#define PROTECTED_BUFFER_H

#include <linux/dma-heap.h>

/* Heaps whose private data is a struct protected_pool. */
extern const struct dma_heap_ops protected_heap_ops;

#endif /* PROTECTED_BUFFER_H */
