// SPDX-License-Identifier: GPL-2.0
/*
 * Emulation of sendfile(2) into a dma-buf.
 *
 * dma-buf has no splice hook and no module can add one. This does what such a
 * hook would: the kernel's own splice fills a 64 KiB pipe from the file, and
 * every page that arrives is copied into the buffer.
 */
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/pipe_fs_i.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "dmabuf_lab.h"

static int lab_copy_from_pipe(struct pipe_inode_info *pipe, struct pipe_buffer *buf, struct splice_desc *sd)
{
	struct iov_iter *rest = sd->u.data;
	int err;

	err = pipe_buf_confirm(pipe, buf);
	if (err)
		return err;
	return copy_page_to_iter(buf->page, buf->offset, sd->len, rest);
}

static int lab_drain_pipe(struct pipe_inode_info *pipe, struct splice_desc *sd)
{
	return __splice_from_pipe(pipe, sd, lab_copy_from_pipe);
}

static ssize_t lab_splice(struct lab_load *load, struct lab_gather *gather, struct iov_iter *rest, u64 done)
{
	bool direct = load->file->f_flags & O_DIRECT;
	u64 end = direct ? lab_gather_capacity(gather) : gather->timing.bytes;
	struct splice_desc sd = {
		.total_len = end - done,
		.pos = load->file_offset + gather->timing.offset + done,
		.u.data = rest,
	};
	int err;

	err = rw_verify_area(READ, load->file, &sd.pos, sd.total_len);
	if (err)
		return err;
	return splice_direct_to_actor(load->file, &sd, lab_drain_pipe);
}

/**
 * lab_pipe_gather - like lab_read_gather(), but through a pipe
 * @load: names the file
 * @gather: has its pages; its read times are set
 *
 * Return: as lab_read_gather(); any signal gives -EINTR.
 */
int lab_pipe_gather(struct lab_load *load, struct lab_gather *gather)
{
	struct iov_iter rest;
	ssize_t ret = 0;
	u64 done;

	gather->timing.read_begin_ns = ktime_get_ns();
	iov_iter_bvec(&rest, ITER_DEST, gather->pieces, gather->nr_pieces, lab_gather_capacity(gather));
	for (done = 0; done < gather->timing.bytes; done += ret) {
		ret = lab_splice(load, gather, &rest, done);
		if (!ret)
			ret = -ENODATA;
		if (ret < 0)
			break;
	}
	if (ret >= 0)
		lab_zero_tail(gather);
	gather->timing.read_end_ns = ktime_get_ns();
	if (ret == -ERESTARTSYS)
		return -EINTR;
	return ret < 0 ? ret : 0;
}
