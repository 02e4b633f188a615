// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter: a device attaches and maps. A mapping of a process and access of the CPU are EPERM; a mapping of the
 * kernel is EINVAL, as of any exporter that has none: dma_buf_vmap() warns of any other error.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "protected_buffer.h"
#include "protected_pool.h"

/**
 * struct protected_buffer - one buffer
 * @pool: that it is cut from
 * @pages: the first of its pages
 * @bytes: whole pages
 */
struct protected_buffer {
	struct protected_pool *pool;
	struct page *pages;
	size_t bytes;
};

static int buffer_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct protected_buffer *buffer = dmabuf->priv;
	struct sg_table *table = kzalloc(sizeof(*table), GFP_KERNEL);
	int err;

	if (!table)
		return -ENOMEM;
	err = sg_alloc_table(table, 1, GFP_KERNEL);
	if (err) {
		kfree(table);
		return err;
	}
	sg_set_page(table->sgl, buffer->pages, buffer->bytes, 0);
	attachment->priv = table;
	return 0;
}

static void buffer_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct sg_table *table = attachment->priv;

	sg_free_table(table);
	kfree(table);
}

/* No cache holds any of it: the CPU never touches it once it is a buffer. */
static struct sg_table *buffer_map(struct dma_buf_attachment *attachment, enum dma_data_direction direction)
{
	struct sg_table *table = attachment->priv;
	int err = dma_map_sgtable(attachment->dev, table, direction, DMA_ATTR_SKIP_CPU_SYNC);

	return err ? ERR_PTR(err) : table;
}

static void buffer_unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
			 enum dma_data_direction direction)
{
	dma_unmap_sgtable(attachment->dev, table, direction, DMA_ATTR_SKIP_CPU_SYNC);
}

static int buffer_refuse_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	return -EPERM;
}

static int buffer_refuse_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return -EPERM;
}

static void buffer_release(struct dma_buf *dmabuf)
{
	struct protected_buffer *buffer = dmabuf->priv;

	protected_pool_give_back(buffer->pool, buffer->pages, buffer->bytes);
	kfree(buffer);
}

static const struct dma_buf_ops buffer_ops = {
	.attach = buffer_attach,
	.detach = buffer_detach,
	.map_dma_buf = buffer_map,
	.unmap_dma_buf = buffer_unmap,
	.begin_cpu_access = buffer_refuse_access,
	.end_cpu_access = buffer_refuse_access,
	.mmap = buffer_refuse_mmap,
	.release = buffer_release,
};

static struct dma_buf *buffer_export(struct dma_heap *heap, struct protected_buffer *buffer, u32 flags)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);

	info.exp_name = dma_heap_get_name(heap);
	info.ops = &buffer_ops;
	info.size = buffer->bytes;
	info.flags = flags;
	info.priv = buffer;
	return dma_buf_export(&info);
}

static struct dma_buf *heap_allocate(struct dma_heap *heap, unsigned long bytes, u32 flags, u64 heap_flags)
{
	struct protected_buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	struct dma_buf *dmabuf;

	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->pool = dma_heap_get_drvdata(heap);
	buffer->bytes = bytes;
	buffer->pages = protected_pool_take(buffer->pool, bytes);
	if (IS_ERR(buffer->pages)) {
		dmabuf = ERR_CAST(buffer->pages);
		goto free_buffer;
	}
	dmabuf = buffer_export(heap, buffer, flags);
	if (!IS_ERR(dmabuf))
		return dmabuf;
	protected_pool_give_back(buffer->pool, buffer->pages, bytes);
free_buffer:
	kfree(buffer);
	return dmabuf;
}

const struct dma_heap_ops protected_heap_ops = {
	.allocate = heap_allocate,
};

MODULE_IMPORT_NS("DMA_BUF");
MODULE_IMPORT_NS("DMA_BUF_HEAP");
