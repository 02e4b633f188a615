/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One load of a file into a buffer, and the steps it is made of.
 */
#ifndef DMABUF_LAB_H
#define DMABUF_LAB_H

#include <linux/bvec.h>
#include <linux/fs.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "dmabuf_lab_uapi.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#error dmabuf_lab needs Linux 6.12 or later
#endif

struct dma_buf;

/**
 * struct lab_gather - pages that are read together
 * @timing: what the caller is told
 * @pieces: the pages, physically contiguous runs of them
 * @nr_pieces: entries in @pieces
 */
struct lab_gather {
	struct dmabuf_lab_gather timing;
	struct bio_vec *pieces;
	unsigned int nr_pieces;
};

/**
 * struct lab_load - one call of ALLOC_AND_READ or READ_INTO
 * @file: what is read; the caller holds the reference
 * @file_offset: where in the file the first gather begins
 * @gathers: all of them, in the order of the buffer
 * @nr_gathers: entries in @gathers
 * @held_bytes: counted for it by lab_load_hold(), until a buffer has them
 * @lock: protects all below
 * @ready: gathers that have their pages
 * @claimed: gathers that a reader has taken
 * @finished: gathers that are read
 * @error: first error of any part; ends all others
 * @changed: woken when any of these changes
 */
struct lab_load {
	struct file *file;
	loff_t file_offset;
	struct lab_gather *gathers;
	unsigned int nr_gathers;
	u64 held_bytes;

	spinlock_t lock; /* protects all below */
	unsigned int ready;
	unsigned int claimed;
	unsigned int finished;
	int error;
	wait_queue_head_t changed;
};

/* File bytes of a gather, rounded up to the pages that hold them. */
static inline u64 lab_gather_capacity(const struct lab_gather *gather)
{
	return PAGE_ALIGN(gather->timing.bytes);
}

/* lab_limits.c */
u64 lab_max_bytes(void);
u64 lab_max_gather_bytes(void);
int lab_load_hold(struct lab_load *load, u64 bytes);
void lab_let_go(u64 bytes);

/* lab_load.c */
struct lab_load *lab_load_create(struct file *file, const struct dmabuf_lab_read *arg);
void lab_load_destroy(struct lab_load *load);
int lab_load_serial(struct lab_load *load);
int lab_load_overlapped(struct lab_load *load, unsigned int nr_readers);
int lab_load_map(struct lab_load *load, void *vaddr);
int lab_load_into(struct lab_load *load, const struct dmabuf_lab_read *arg);

/* lab_pages.c */
int lab_gather_allocate(struct lab_gather *gather);
int lab_gather_from_mapping(struct lab_gather *gather, void *vaddr);
void lab_gather_free_pages(struct lab_gather *gather);
void lab_gather_forget_pages(struct lab_gather *gather);

/* lab_read.c */
int lab_read_gather(struct lab_load *load, struct lab_gather *gather);
void lab_zero_tail(struct lab_gather *gather);

/* lab_pipe.c */
int lab_pipe_gather(struct lab_load *load, struct lab_gather *gather);

/* lab_buffer.c */
struct dma_buf *lab_buffer_export(struct lab_load *load);

/* lab_import.c */
int lab_importer_create(void);
void lab_importer_destroy(void);
int lab_import(struct dmabuf_lab_import __user *user);

#endif /* DMABUF_LAB_H */
