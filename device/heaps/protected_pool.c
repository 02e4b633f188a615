// SPDX-License-Identifier: GPL-2.0
/*
 * A chunk that the kernel's command line reserved at boot (reserve_mem=), or one of CMA while there are buffers.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cma.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/genalloc.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "protected_pool.h"

/* Pages are known to it by their addresses, of which none is zero. */
static int pool_open(struct protected_pool *pool, struct page *chunk)
{
	struct gen_pool *free = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);
	int err;

	if (!free)
		return -ENOMEM;
	err = gen_pool_add(free, (unsigned long)page_address(chunk), pool->bytes, NUMA_NO_NODE);
	if (err) {
		gen_pool_destroy(free);
		return err;
	}
	pool->free = free;
	pool->chunk = chunk;
	return 0;
}

static void pool_close(struct protected_pool *pool)
{
	gen_pool_destroy(pool->free);
	pool->free = NULL;
	pool->chunk = NULL;
}

/* Pages that others have moved in are moved out first, which takes the time. */
static int pool_reserve(struct protected_pool *pool)
{
	unsigned long count = pool->bytes >> PAGE_SHIFT;
	struct page *chunk = cma_alloc(pool->cma, count, 0, false);
	int err;

	if (!chunk)
		return -ENOMEM;
	err = pool_open(pool, chunk);
	if (err)
		cma_release(pool->cma, chunk, count);
	return err;
}

static void pool_unreserve(struct protected_pool *pool)
{
	struct page *chunk = pool->chunk;

	pool_close(pool);
	cma_release(pool->cma, chunk, pool->bytes >> PAGE_SHIFT);
}

/**
 * protected_pool_init_boot() - a pool of a chunk that was reserved at boot
 * @pool: its name is set, all else is zero
 * @region: what reserve_mem= calls the chunk
 *
 * Return: 0, -ENODEV without such a chunk, -ENOMEM.
 */
int protected_pool_init_boot(struct protected_pool *pool, const char *region)
{
	phys_addr_t start, size;

	mutex_init(&pool->lock);
	if (!reserve_mem_find_by_name(region, &start, &size))
		return -ENODEV;
	pool->bytes = PAGE_ALIGN_DOWN(size);
	return pool_open(pool, phys_to_page(start));
}

/**
 * protected_pool_init_cma() - a pool that takes its chunk from CMA with the first buffer
 * @pool: its name is set, all else is zero
 * @bytes: size of the chunk
 *
 * Return: 0, -ENODEV where the kernel has no CMA area (cma= on its command line makes one).
 */
int protected_pool_init_cma(struct protected_pool *pool, size_t bytes)
{
	mutex_init(&pool->lock);
	pool->cma = dev_get_cma_area(NULL);
	if (!pool->cma)
		return -ENODEV;
	pool->bytes = bytes;
	return 0;
}

/* Only before there are buffers. */
void protected_pool_destroy(struct protected_pool *pool)
{
	if (pool->free)
		pool_close(pool);
	pool->bytes = 0;
}

static struct page *pool_cut(struct protected_pool *pool, size_t bytes)
{
	unsigned long address = gen_pool_alloc(pool->free, bytes);

	if (!address) {
		pr_info("%s: no room for %zu bytes, %zu of %zu are left\n", pool->name, bytes,
			gen_pool_avail(pool->free), pool->bytes);
		return ERR_PTR(-ENOMEM);
	}
	pool->buffers++;
	return virt_to_page((void *)address);
}

/**
 * protected_pool_take() - cut a buffer from the chunk, which is reserved with the first one
 * @pool: of which
 * @bytes: whole pages
 *
 * Return: the first of its contiguous pages, zeroed, or -ENOMEM.
 */
struct page *protected_pool_take(struct protected_pool *pool, size_t bytes)
{
	struct page *pages;
	int err = 0;

	mutex_lock(&pool->lock);
	if (!pool->free)
		err = pool_reserve(pool);
	pages = err ? ERR_PTR(err) : pool_cut(pool, bytes);
	if (pool->cma && pool->free && !pool->buffers)
		pool_unreserve(pool);
	mutex_unlock(&pool->lock);
	if (!IS_ERR(pages))
		memset(page_address(pages), 0, bytes);
	return pages;
}

/* The chunk goes back to CMA with the last buffer. */
void protected_pool_give_back(struct protected_pool *pool, struct page *pages, size_t bytes)
{
	mutex_lock(&pool->lock);
	gen_pool_free(pool->free, (unsigned long)page_address(pages), bytes);
	pool->buffers--;
	if (pool->cma && !pool->buffers)
		pool_unreserve(pool);
	mutex_unlock(&pool->lock);
}

/* What can be told of a pool at this moment. */
void protected_pool_state(struct protected_pool *pool, struct protected_pool_state *state)
{
	mutex_lock(&pool->lock);
	state->total_bytes = pool->bytes;
	state->left_bytes = pool->free ? gen_pool_avail(pool->free) : pool->bytes;
	state->reserved = pool->free;
	state->buffers = pool->buffers;
	mutex_unlock(&pool->lock);
}
