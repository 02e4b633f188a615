// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a part of a file into the pages of a gather.
 */
#include <linux/highmem.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/uio.h>

#include "dmabuf_lab.h"

/* Bounds how long a killed caller waits for the read in flight. */
#define LAB_READ_CHUNK SZ_8M

/*
 * A direct read is of whole pages; the file system shortens it at the file's
 * end. An unaligned one might fall back to the page cache.
 */
static u64 lab_read_size(struct lab_load *load, struct lab_gather *gather, u64 done)
{
	bool direct = load->file->f_flags & O_DIRECT;
	u64 end = direct ? lab_gather_capacity(gather) : gather->timing.bytes;

	return min_t(u64, end - done, LAB_READ_CHUNK);
}

static ssize_t lab_read_chunk(struct lab_load *load, struct lab_gather *gather, const struct iov_iter *rest, u64 done)
{
	struct iov_iter chunk = *rest;
	struct kiocb kiocb;
	ssize_t ret;

	iov_iter_truncate(&chunk, lab_read_size(load, gather, done));
	init_sync_kiocb(&kiocb, load->file);
	kiocb.ki_pos = load->file_offset + gather->timing.offset + done;
	ret = vfs_iocb_iter_read(load->file, &kiocb, &chunk);
	if (!ret)
		return -ENODATA;
	/* A short direct read is the end of the file, and only once. */
	if (ret > 0 && (load->file->f_flags & O_DIRECT) && done + ret < gather->timing.bytes && !PAGE_ALIGNED(ret))
		return -ENODATA;
	return ret;
}

/**
 * lab_read_gather - read a gather's bytes into its pages
 * @load: names the file
 * @gather: has its pages; its read times are set
 *
 * Return: 0, -EINTR, the error of the load's other parts, -ENODATA where the
 * file has become shorter, or what the file system said.
 */
int lab_read_gather(struct lab_load *load, struct lab_gather *gather)
{
	struct iov_iter rest;
	ssize_t ret = 0;
	u64 done = 0;

	gather->timing.read_begin_ns = ktime_get_ns();
	iov_iter_bvec(&rest, ITER_DEST, gather->pieces, gather->nr_pieces, lab_gather_capacity(gather));
	while (done < gather->timing.bytes) {
		ret = READ_ONCE(load->error);
		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
		if (!ret)
			ret = lab_read_chunk(load, gather, &rest, done);
		if (ret < 0)
			break;
		iov_iter_advance(&rest, ret);
		done += ret;
		cond_resched();
	}
	if (ret >= 0)
		lab_zero_tail(gather);
	gather->timing.read_end_ns = ktime_get_ns();
	return ret < 0 ? ret : 0;
}

/* A direct read of a part of the file may have left more of it there. */
void lab_zero_tail(struct lab_gather *gather)
{
	struct bio_vec *last = &gather->pieces[gather->nr_pieces - 1];
	size_t used = offset_in_page(gather->timing.bytes);

	if (used)
		memzero_page(last->bv_page + ((last->bv_len - 1) >> PAGE_SHIFT), used, PAGE_SIZE - used);
}
