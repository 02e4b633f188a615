// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter of buffers that the module allocated itself.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "dmabuf_lab.h"

/* MODULE_IMPORT_NS() takes a string from 6.13 on; this is what it expands to. */
MODULE_INFO(import_ns, "DMA_BUF");

/**
 * struct lab_buffer - a filled buffer
 * @table: its pages, compound ones of several orders
 * @bytes: size, whole pages
 * @lock: protects all below
 * @attachments: devices that are attached
 * @vaddr: kernel mapping while @vmap_count is not zero
 * @vmap_count: users of that mapping
 */
struct lab_buffer {
	struct sg_table table;
	size_t bytes;

	struct mutex lock; /* protects all below */
	struct list_head attachments;
	void *vaddr;
	unsigned int vmap_count;
};

/* An attached device with a table of its own: each maps to other addresses. */
struct lab_attachment {
	struct list_head node;
	struct device *dev;
	struct sg_table table;
	bool mapped;
};

static int lab_copy_table(struct sg_table *copy, const struct sg_table *table)
{
	struct scatterlist *to, *from;
	unsigned int i;
	int err;

	err = sg_alloc_table(copy, table->orig_nents, GFP_KERNEL);
	if (err)
		return err;
	to = copy->sgl;
	for_each_sgtable_sg(table, from, i)
	{
		sg_set_page(to, sg_page(from), from->length, from->offset);
		to = sg_next(to);
	}
	return 0;
}

static int lab_buffer_attach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct lab_buffer *buffer = dmabuf->priv;
	struct lab_attachment *attached;
	int err;

	attached = kzalloc(sizeof(*attached), GFP_KERNEL);
	if (!attached)
		return -ENOMEM;
	err = lab_copy_table(&attached->table, &buffer->table);
	if (err) {
		kfree(attached);
		return err;
	}
	attached->dev = attachment->dev;
	attachment->priv = attached;

	mutex_lock(&buffer->lock);
	list_add(&attached->node, &buffer->attachments);
	mutex_unlock(&buffer->lock);
	return 0;
}

static void lab_buffer_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attachment)
{
	struct lab_buffer *buffer = dmabuf->priv;
	struct lab_attachment *attached = attachment->priv;

	mutex_lock(&buffer->lock);
	list_del(&attached->node);
	mutex_unlock(&buffer->lock);

	sg_free_table(&attached->table);
	kfree(attached);
}

static struct sg_table *lab_buffer_map(struct dma_buf_attachment *attachment, enum dma_data_direction direction)
{
	struct lab_buffer *buffer = attachment->dmabuf->priv;
	struct lab_attachment *attached = attachment->priv;
	int err;

	err = dma_map_sgtable(attachment->dev, &attached->table, direction, 0);
	if (err)
		return ERR_PTR(err);

	mutex_lock(&buffer->lock);
	attached->mapped = true;
	mutex_unlock(&buffer->lock);
	return &attached->table;
}

static void lab_buffer_unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
			     enum dma_data_direction direction)
{
	struct lab_buffer *buffer = attachment->dmabuf->priv;
	struct lab_attachment *attached = attachment->priv;

	mutex_lock(&buffer->lock);
	attached->mapped = false;
	mutex_unlock(&buffer->lock);

	dma_unmap_sgtable(attachment->dev, table, direction, 0);
}

static int lab_buffer_begin_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct lab_buffer *buffer = dmabuf->priv;
	struct lab_attachment *attached;

	mutex_lock(&buffer->lock);
	if (buffer->vmap_count)
		invalidate_kernel_vmap_range(buffer->vaddr, buffer->bytes);
	list_for_each_entry(attached, &buffer->attachments, node) {
		if (attached->mapped)
			dma_sync_sgtable_for_cpu(attached->dev, &attached->table, direction);
	}
	mutex_unlock(&buffer->lock);
	return 0;
}

static int lab_buffer_end_cpu_access(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct lab_buffer *buffer = dmabuf->priv;
	struct lab_attachment *attached;

	mutex_lock(&buffer->lock);
	if (buffer->vmap_count)
		flush_kernel_vmap_range(buffer->vaddr, buffer->bytes);
	list_for_each_entry(attached, &buffer->attachments, node) {
		if (attached->mapped)
			dma_sync_sgtable_for_device(attached->dev, &attached->table, direction);
	}
	mutex_unlock(&buffer->lock);
	return 0;
}

/* dma-buf has checked that the area lies within the buffer. */
static int lab_buffer_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct lab_buffer *buffer = dmabuf->priv;
	unsigned long skip = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long address = vma->vm_start;
	struct scatterlist *sg;
	unsigned int i;
	int err;

	for_each_sgtable_sg(&buffer->table, sg, i)
	{
		unsigned long length;

		if (skip >= sg->length) {
			skip -= sg->length;
			continue;
		}
		length = min(sg->length - skip, vma->vm_end - address);
		err = remap_pfn_range(vma, address, page_to_pfn(sg_page(sg)) + (skip >> PAGE_SHIFT), length,
				      vma->vm_page_prot);
		if (err)
			return err;
		skip = 0;
		address += length;
		if (address == vma->vm_end)
			break;
	}
	return 0;
}

static void *lab_buffer_map_kernel(struct lab_buffer *buffer)
{
	unsigned long count = buffer->bytes >> PAGE_SHIFT;
	struct sg_page_iter piter;
	struct page **pages;
	unsigned long i = 0;
	void *vaddr;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (!pages)
		return NULL;
	for_each_sgtable_page(&buffer->table, &piter, 0) pages[i++] = sg_page_iter_page(&piter);
	vaddr = vmap(pages, count, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return vaddr;
}

static int lab_buffer_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct lab_buffer *buffer = dmabuf->priv;
	int err = 0;

	mutex_lock(&buffer->lock);
	if (!buffer->vmap_count)
		buffer->vaddr = lab_buffer_map_kernel(buffer);
	if (buffer->vaddr) {
		buffer->vmap_count++;
		iosys_map_set_vaddr(map, buffer->vaddr);
	} else {
		err = -ENOMEM;
	}
	mutex_unlock(&buffer->lock);
	return err;
}

static void lab_buffer_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct lab_buffer *buffer = dmabuf->priv;

	mutex_lock(&buffer->lock);
	if (!--buffer->vmap_count) {
		vunmap(buffer->vaddr);
		buffer->vaddr = NULL;
	}
	mutex_unlock(&buffer->lock);
	iosys_map_clear(map);
}

static void lab_buffer_free(struct lab_buffer *buffer)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(&buffer->table, sg, i)
	{
		__free_pages(sg_page(sg), compound_order(sg_page(sg)));
		cond_resched();
	}
	lab_let_go(buffer->bytes);
	sg_free_table(&buffer->table);
	mutex_destroy(&buffer->lock);
	kfree(buffer);
}

static void lab_buffer_release(struct dma_buf *dmabuf)
{
	lab_buffer_free(dmabuf->priv);
}

static const struct dma_buf_ops lab_buffer_ops = {
	.attach = lab_buffer_attach,
	.detach = lab_buffer_detach,
	.map_dma_buf = lab_buffer_map,
	.unmap_dma_buf = lab_buffer_unmap,
	.begin_cpu_access = lab_buffer_begin_cpu_access,
	.end_cpu_access = lab_buffer_end_cpu_access,
	.mmap = lab_buffer_mmap,
	.vmap = lab_buffer_vmap,
	.vunmap = lab_buffer_vunmap,
	.release = lab_buffer_release,
};

/* Moves the pages of a load into a buffer; on error they stay with the load. */
static struct lab_buffer *lab_buffer_create(struct lab_load *load)
{
	struct lab_buffer *buffer;
	struct scatterlist *sg;
	unsigned int count = 0;
	unsigned int i, piece;
	int err;

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL_ACCOUNT);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < load->nr_gathers; i++)
		count += load->gathers[i].nr_pieces;
	err = sg_alloc_table(&buffer->table, count, GFP_KERNEL_ACCOUNT);
	if (err) {
		kfree(buffer);
		return ERR_PTR(err);
	}
	mutex_init(&buffer->lock);
	INIT_LIST_HEAD(&buffer->attachments);

	sg = buffer->table.sgl;
	for (i = 0; i < load->nr_gathers; i++) {
		struct lab_gather *gather = &load->gathers[i];

		for (piece = 0; piece < gather->nr_pieces; piece++) {
			sg_set_page(sg, gather->pieces[piece].bv_page, gather->pieces[piece].bv_len, 0);
			sg = sg_next(sg);
		}
		buffer->bytes += lab_gather_capacity(gather);
		lab_gather_forget_pages(gather);
	}
	load->held_bytes = 0;
	return buffer;
}

/**
 * lab_buffer_export - make a dma-buf of a load that is complete
 * @load: its pages go to the dma-buf, or are freed on error
 *
 * Return: the dma-buf with one reference, or an ERR_PTR.
 */
struct dma_buf *lab_buffer_export(struct lab_load *load)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct lab_buffer *buffer;
	struct dma_buf *dmabuf;
	unsigned int i;

	buffer = lab_buffer_create(load);
	if (IS_ERR(buffer)) {
		for (i = 0; i < load->nr_gathers; i++)
			lab_gather_free_pages(&load->gathers[i]);
		return ERR_CAST(buffer);
	}
	info.ops = &lab_buffer_ops;
	info.size = buffer->bytes;
	info.flags = O_RDWR | O_CLOEXEC;
	info.priv = buffer;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		lab_buffer_free(buffer);
	return dmabuf;
}
