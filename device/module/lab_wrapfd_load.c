// SPDX-License-Identifier: GPL-2.0
/*
 * Loading a part of a file into a wrapped buffer, as Android's driver does it:
 * the whole buffer is mapped into the kernel, and one thread reads directly.
 */
#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "lab_wrapfd.h"

static bool wrapfd_later_rules;
module_param(wrapfd_later_rules, bool, 0644);
MODULE_PARM_DESC(wrapfd_later_rules, "Load at any offset, for anyone, and while the wrapfd is mapped (default N)");

/* What is still to be read: from @pos of @file to @to. */
struct lab_wrap_read {
	struct file *file;
	loff_t pos;
	void *to;
	size_t left;
};

static ssize_t lab_wrap_read_pages(struct file *file, loff_t pos, void *to, size_t bytes)
{
	struct kvec vec = { .iov_base = to, .iov_len = bytes };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, file);
	kiocb.ki_pos = pos;
	kiocb.ki_flags |= IOCB_DIRECT;
	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, bytes);
	return vfs_iocb_iter_read(file, &kiocb, &iter);
}

static ssize_t lab_wrap_read_straight(struct lab_wrap_read *read)
{
	size_t bytes = min_t(size_t, read->left & PAGE_MASK, MAX_RW_COUNT);

	return lab_wrap_read_pages(read->file, read->pos, read->to, bytes);
}

/* A part of a page, or pages that lie elsewhere in the buffer than in the file. */
static ssize_t lab_wrap_read_bounced(struct lab_wrap_read *read, void *page)
{
	size_t skip = offset_in_page(read->pos);
	size_t bytes = min_t(size_t, read->left, PAGE_SIZE - skip);
	ssize_t got = lab_wrap_read_pages(read->file, read->pos - skip, page, PAGE_SIZE);

	if (got < 0)
		return got;
	if (got < skip + bytes)
		return 0;
	memcpy(read->to, page + skip, bytes);
	return bytes;
}

static ssize_t lab_wrap_read_some(struct lab_wrap_read *read, void *page)
{
	bool straight = PAGE_ALIGNED(read->pos) && PAGE_ALIGNED(read->to) && read->left >= PAGE_SIZE;

	if (fatal_signal_pending(current))
		return -EINTR;
	return straight ? lab_wrap_read_straight(read) : lab_wrap_read_bounced(read, page);
}

/* A file that ends before the range does has become shorter: -EINVAL, as for one that always was. */
static int lab_wrap_read_all(struct lab_wrap_read *read)
{
	void *page = (void *)__get_free_page(GFP_KERNEL);
	int err = 0;

	if (!page)
		return -ENOMEM;
	while (!err && read->left) {
		ssize_t got = lab_wrap_read_some(read, page);

		if (got <= 0) {
			err = got ?: -EINVAL;
			break;
		}
		read->pos += got;
		read->to += got;
		read->left -= got;
		cond_resched();
	}
	free_page((unsigned long)page);
	return err;
}

static int lab_wrap_read_mapped(struct dma_buf *dmabuf, struct file *file, const struct lab_wrapfd_load *load)
{
	struct lab_wrap_read read = { .file = file, .pos = load->file_offs, .left = load->len };
	struct iosys_map map;
	int err;

	err = dma_buf_vmap_unlocked(dmabuf, &map);
	if (err)
		return err;
	if (map.is_iomem) {
		err = -EINVAL;
	} else {
		read.to = map.vaddr + load->buf_offs;
		err = lab_wrap_read_all(&read);
	}
	dma_buf_vunmap_unlocked(dmabuf, &map);
	return err;
}

static int lab_wrap_read_file(struct dma_buf *dmabuf, struct file *file, const struct lab_wrapfd_load *load)
{
	int err, end_err;

	if (load->buf_offs > dmabuf->size || load->len > dmabuf->size - load->buf_offs)
		return -EINVAL;
	err = dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	if (err)
		return err;
	err = lab_wrap_read_mapped(dmabuf, file, load);
	end_err = dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	return err ?: end_err;
}

/* Under the first rules a load has the wrapfd for itself; under the later ones it is one of many users. */
static struct dma_buf *lab_wrap_begin_load(struct lab_wrap *wrap, bool alone)
{
	struct dma_buf *dmabuf;
	int err;

	if (!alone)
		return lab_wrap_begin_use(wrap);
	mutex_lock(&wrap->lock);
	err = lab_wrap_may_change(wrap);
	dmabuf = err ? ERR_PTR(err) : wrap->dmabuf;
	if (!err) {
		wrap->users++;
		wrap->loading = true;
	}
	mutex_unlock(&wrap->lock);
	return dmabuf;
}

static void lab_wrap_end_load(struct lab_wrap *wrap, bool alone)
{
	mutex_lock(&wrap->lock);
	wrap->users--;
	if (alone)
		wrap->loading = false;
	mutex_unlock(&wrap->lock);
}

static struct file *lab_wrap_get_file(const struct lab_wrapfd_load *load)
{
	struct file *file = fget(load->fd);
	loff_t end;
	int err = 0;

	if (!file)
		return ERR_PTR(-EBADF);
	if (!(file->f_mode & FMODE_READ))
		err = -EBADF;
	else if (!S_ISREG(file_inode(file)->i_mode) || !(file->f_mode & FMODE_CAN_ODIRECT) || !file->f_op->read_iter)
		err = -EINVAL;
	else if (check_add_overflow((loff_t)load->file_offs, (loff_t)load->len, &end) ||
		 end > i_size_read(file_inode(file)))
		err = -EINVAL;
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

static int lab_wrap_check_load(const struct lab_wrapfd_load *load, bool aligned)
{
	if (load->pad || load->reserved)
		return -EINVAL;
	if (load->file_offs > LLONG_MAX || load->buf_offs > LLONG_MAX || load->len > LLONG_MAX)
		return -EINVAL;
	if (aligned && (!PAGE_ALIGNED(load->file_offs) || !PAGE_ALIGNED(load->buf_offs)))
		return -EINVAL;
	return 0;
}

/**
 * lab_wrap_load - read a part of a file into the wrapped buffer
 * @wrap: not locked
 * @load: not checked yet; of the current layout
 *
 * Return: 0 or an error of struct lab_wrapfd_load, and then the buffer may hold
 * a part of the range.
 */
int lab_wrap_load(struct lab_wrap *wrap, const struct lab_wrapfd_load *load)
{
	bool alone = !READ_ONCE(wrapfd_later_rules);
	struct dma_buf *dmabuf;
	struct file *file;
	int err;

	err = lab_wrap_check_load(load, alone);
	if (err)
		return err;
	file = lab_wrap_get_file(load);
	if (IS_ERR(file))
		return PTR_ERR(file);
	dmabuf = lab_wrap_begin_load(wrap, alone);
	if (IS_ERR(dmabuf)) {
		fput(file);
		return PTR_ERR(dmabuf);
	}
	err = wrap->writable ? lab_wrap_read_file(dmabuf, file, load) : -EACCES;
	lab_wrap_end_load(wrap, alone);
	fput(file);
	return err;
}
