// SPDX-License-Identifier: GPL-2.0
/*
 * A device that imports any dma-buf, to tell how long that takes.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "dmabuf_lab.h"

/* It reaches all of memory and does nothing with it. */
static struct platform_device *lab_importer;

int lab_importer_create(void)
{
	struct platform_device *device = platform_device_register_simple("dmabuf_lab_importer", -1, NULL, 0);
	int err;

	if (IS_ERR(device))
		return PTR_ERR(device);
	err = dma_coerce_mask_and_coherent(&device->dev, DMA_BIT_MASK(64));
	if (err) {
		platform_device_unregister(device);
		return err;
	}
	lab_importer = device;
	return 0;
}

void lab_importer_destroy(void)
{
	platform_device_unregister(lab_importer);
}

static u64 lab_longest_segment(struct sg_table *table)
{
	struct scatterlist *entry;
	u64 longest = 0;
	int i;

	for_each_sgtable_dma_sg(table, entry, i) longest = max_t(u64, longest, sg_dma_len(entry));
	return longest;
}

/* What the CPU may not touch (EPERM) needs no sync either. */
static int lab_import_sync(struct dma_buf *dmabuf)
{
	int err = dma_buf_begin_cpu_access(dmabuf, DMA_TO_DEVICE);

	if (err)
		return err == -EPERM ? 0 : err;
	return dma_buf_end_cpu_access(dmabuf, DMA_TO_DEVICE);
}

/* As a driver does whose device reads what the CPU has written. */
static int lab_import_attached(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment,
			       struct dmabuf_lab_import *import)
{
	struct sg_table *table;
	int err;

	table = dma_buf_map_attachment_unlocked(attachment, DMA_TO_DEVICE);
	if (IS_ERR(table))
		return PTR_ERR(table);
	import->map_end_ns = ktime_get_ns();
	err = lab_import_sync(dmabuf);
	import->sync_end_ns = ktime_get_ns();
	import->segments = table->nents;
	import->longest_segment_bytes = lab_longest_segment(table);
	dma_buf_unmap_attachment_unlocked(attachment, table, DMA_TO_DEVICE);
	import->unmap_end_ns = ktime_get_ns();
	return err;
}

static int lab_import_dmabuf(struct dma_buf *dmabuf, struct dmabuf_lab_import *import)
{
	struct dma_buf_attachment *attachment;
	int err;

	import->begin_ns = ktime_get_ns();
	attachment = dma_buf_attach(dmabuf, &lab_importer->dev);
	if (IS_ERR(attachment))
		return PTR_ERR(attachment);
	import->attach_end_ns = ktime_get_ns();
	err = lab_import_attached(dmabuf, attachment, import);
	dma_buf_detach(dmabuf, attachment);
	return err;
}

int lab_import(struct dmabuf_lab_import __user *user)
{
	struct dmabuf_lab_import import;
	struct dma_buf *dmabuf;
	int err;

	if (copy_from_user(&import, user, sizeof(import)))
		return -EFAULT;
	if (import.flags || memchr_inv(import.reserved, 0, sizeof(import.reserved)))
		return -EINVAL;
	dmabuf = dma_buf_get(import.dmabuf_fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	err = lab_import_dmabuf(dmabuf, &import);
	dma_buf_put(dmabuf);
	if (!err && copy_to_user(user, &import, sizeof(import)))
		err = -EFAULT;
	return err;
}
