// SPDX-License-Identifier: GPL-2.0
/*
 * The pages of a gather: allocated as the system heap does, or found in the
 * mapping of a buffer that another exporter owns.
 */
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "dmabuf_lab.h"

/* The orders and flags of drivers/dma-buf/heaps/system_heap.c. */
static const unsigned int lab_orders[] = { 8, 4, 0 };

/* Unlike that heap's, pages are charged to the memory cgroup of the caller. */
#define LAB_GFP (GFP_HIGHUSER | __GFP_ZERO | __GFP_NOWARN | __GFP_ACCOUNT)
#define LAB_HIGH_ORDER_GFP (((LAB_GFP | __GFP_NORETRY) & ~__GFP_RECLAIM) | __GFP_COMP)

/* Fails where the system heap would have another process killed for it. */
#define LAB_PAGE_GFP (LAB_GFP | __GFP_RETRY_MAYFAIL)

static struct page *lab_allocate_piece(u64 remaining, unsigned int max_order)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lab_orders); i++) {
		unsigned int order = lab_orders[i];
		struct page *page;

		if (order > max_order || remaining < (PAGE_SIZE << order))
			continue;
		page = alloc_pages(order ? LAB_HIGH_ORDER_GFP : LAB_PAGE_GFP, order);
		if (page)
			return page;
	}
	return NULL;
}

static int lab_allocate_list(u64 remaining, struct list_head *list, unsigned int *count)
{
	unsigned int max_order = lab_orders[0];
	struct page *page;

	while (remaining) {
		if (fatal_signal_pending(current))
			return -EINTR;
		page = lab_allocate_piece(remaining, max_order);
		if (!page)
			return -ENOMEM;
		list_add_tail(&page->lru, list);
		(*count)++;
		remaining -= page_size(page);
		/* What was short once is not tried again. */
		max_order = compound_order(page);
		cond_resched();
	}
	return 0;
}

static void lab_free_list(struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru)
		__free_pages(page, compound_order(page));
}

static int lab_pieces_from_list(struct lab_gather *gather, struct list_head *list, unsigned int count)
{
	struct page *page, *next;

	gather->pieces = kvmalloc_array(count, sizeof(*gather->pieces), GFP_KERNEL_ACCOUNT);
	if (!gather->pieces)
		return -ENOMEM;
	list_for_each_entry_safe(page, next, list, lru) {
		list_del(&page->lru);
		bvec_set_page(&gather->pieces[gather->nr_pieces++], page, page_size(page), 0);
	}
	return 0;
}

/**
 * lab_gather_allocate - give a gather zeroed pages of orders 8, 4 and 0
 * @gather: without pages so far; its allocation times are set
 *
 * Return: 0, -ENOMEM or -EINTR. On error the gather has no pages.
 */
int lab_gather_allocate(struct lab_gather *gather)
{
	unsigned int count = 0;
	LIST_HEAD(list);
	int err;

	gather->timing.alloc_begin_ns = ktime_get_ns();
	err = lab_allocate_list(lab_gather_capacity(gather), &list, &count);
	if (!err)
		err = lab_pieces_from_list(gather, &list, count);
	if (err)
		lab_free_list(&list);
	gather->timing.alloc_end_ns = ktime_get_ns();
	return err;
}

static struct page *lab_page_at(void *vaddr)
{
	if (is_vmalloc_addr(vaddr))
		return vmalloc_to_page(vaddr);
	return virt_addr_valid(vaddr) ? virt_to_page(vaddr) : NULL;
}

static void lab_add_page(struct lab_gather *gather, struct page *page)
{
	if (gather->nr_pieces) {
		struct bio_vec *last = &gather->pieces[gather->nr_pieces - 1];
		unsigned long end = page_to_pfn(last->bv_page) + (last->bv_len >> PAGE_SHIFT);

		/* A piece must stay a run of struct pages and fit bv_len. */
		if (page_to_pfn(page) == end && page == last->bv_page + (last->bv_len >> PAGE_SHIFT) &&
		    last->bv_len < SZ_1M) {
			last->bv_len += PAGE_SIZE;
			return;
		}
	}
	bvec_set_page(&gather->pieces[gather->nr_pieces++], page, PAGE_SIZE, 0);
}

/**
 * lab_gather_from_mapping - take a gather's pages from a mapped buffer
 * @gather: without pages so far
 * @vaddr: kernel address of the gather's first byte, page aligned
 *
 * Return: 0, -ENOMEM, or -EOPNOTSUPP where the mapping has no struct pages.
 */
int lab_gather_from_mapping(struct lab_gather *gather, void *vaddr)
{
	unsigned long count = lab_gather_capacity(gather) >> PAGE_SHIFT;
	unsigned long i;

	gather->pieces = kvmalloc_array(count, sizeof(*gather->pieces), GFP_KERNEL_ACCOUNT);
	if (!gather->pieces)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct page *page = lab_page_at(vaddr + i * PAGE_SIZE);

		if (!page)
			return -EOPNOTSUPP;
		lab_add_page(gather, page);
		cond_resched();
	}
	return 0;
}

/* Frees pages that lab_gather_allocate() gave. */
void lab_gather_free_pages(struct lab_gather *gather)
{
	unsigned int i;

	for (i = 0; i < gather->nr_pieces; i++) {
		struct page *page = gather->pieces[i].bv_page;

		__free_pages(page, compound_order(page));
		cond_resched();
	}
	lab_gather_forget_pages(gather);
}

/* The pages belong to someone else now, or always did. */
void lab_gather_forget_pages(struct lab_gather *gather)
{
	kvfree(gather->pieces);
	gather->pieces = NULL;
	gather->nr_pieces = 0;
}
