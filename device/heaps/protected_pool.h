/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of a protected heap: one contiguous chunk that is cut into buffers.
 */
#ifndef PROTECTED_POOL_H
#define PROTECTED_POOL_H

#include <linux/mutex.h>
#include <linux/types.h>

struct cma;
struct gen_pool;
struct page;

/**
 * struct protected_pool - a chunk of memory
 * @name: of the heap
 * @cma: where the chunk comes from while there are buffers; NULL for one that is reserved at boot
 * @bytes: size of the chunk
 * @lock: protects all below
 * @free: what of the chunk is free; NULL while there is no chunk
 * @chunk: its first page
 * @buffers: that are cut from it
 */
struct protected_pool {
	const char *name;
	struct cma *cma;
	size_t bytes;

	struct mutex lock; /* protects all below */
	struct gen_pool *free;
	struct page *chunk;
	unsigned int buffers;
};

/**
 * struct protected_pool_state - what is told of a pool
 * @total_bytes: what all buffers together can have
 * @left_bytes: what they leave of it
 * @reserved: memory is set aside for it now
 * @buffers: how many there are
 */
struct protected_pool_state {
	size_t total_bytes;
	size_t left_bytes;
	bool reserved;
	unsigned int buffers;
};

int protected_pool_init_boot(struct protected_pool *pool, const char *region);
int protected_pool_init_cma(struct protected_pool *pool, size_t bytes);
void protected_pool_destroy(struct protected_pool *pool);
struct page *protected_pool_take(struct protected_pool *pool, size_t bytes);
void protected_pool_give_back(struct protected_pool *pool, struct page *pages, size_t bytes);
void protected_pool_state(struct protected_pool *pool, struct protected_pool_state *state);

#endif /* PROTECTED_POOL_H */
