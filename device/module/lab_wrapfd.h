/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A wrapped dma-buf: who owns it, who maps it, and what is loaded into it.
 */
#ifndef LAB_WRAPFD_H
#define LAB_WRAPFD_H

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/types.h>

#include "lab_wrapfd_uapi.h"

struct dma_buf;

/**
 * struct lab_wrap - a wrapfd
 * @lock: protects all below; nothing of user space is touched under it
 * @dmabuf: what is wrapped, with a reference; NULL once it is empty
 * @writable: wrapped for writing
 * @close_on_exec: what the wrapped descriptor was, for a rewrap
 * @owner: the process that acquired it; it may have died since
 * @guests: others may map it and use the dma-buf's own requests
 * @maps: mappings there are
 * @users: loads and requests of the dma-buf that are under way
 * @loading: one of them is a load that asked for ownership
 */
struct lab_wrap {
	struct mutex lock; /* protects all below */
	struct dma_buf *dmabuf;
	bool writable;
	bool close_on_exec;
	struct pid *owner;
	bool guests;
	unsigned long maps;
	unsigned long users;
	bool loading;
};

/* lab_wrapfd_device.c */
extern struct miscdevice lab_wrapfd_device;

/* lab_wrapfd.c */
int lab_wrapfd_create(struct dma_buf *dmabuf, u32 prot, bool close_on_exec);
struct lab_wrap *lab_wrap_of(struct file *file);
u32 lab_wrap_state(struct lab_wrap *wrap);

/* lab_wrapfd_owner.c; the first three with the lock held */
bool lab_wrap_is_owned(struct lab_wrap *wrap);
bool lab_wrap_is_mine(struct lab_wrap *wrap);
struct dma_buf *lab_wrap_lends(struct lab_wrap *wrap);
int lab_wrap_may_change(struct lab_wrap *wrap);
int lab_wrap_acquire(struct lab_wrap *wrap);
int lab_wrap_release(struct lab_wrap *wrap);
int lab_wrap_let_guests(struct lab_wrap *wrap, bool let);
struct dma_buf *lab_wrap_begin_use(struct lab_wrap *wrap);
void lab_wrap_end_use(struct lab_wrap *wrap);

/* lab_wrapfd_load.c */
int lab_wrap_load(struct lab_wrap *wrap, const struct lab_wrapfd_load *load);

/* lab_wrapfd_map.c */
int lab_wrap_map(struct file *file, struct vm_area_struct *vma);

#endif /* LAB_WRAPFD_H */
