// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of a wrapfd: those of its dma-buf, counted.
 */
#include <linux/dma-buf.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "lab_wrapfd.h"

/**
 * struct lab_wrap_mapping - what the areas of one mmap() share
 * @areas: a fork or a split makes more of them
 * @wrap: lives for as long as an area does, which holds its file
 * @exporter_ops: what the dma-buf's exporter gave its mapping, or NULL
 * @ops: the same, with ours in front
 */
struct lab_wrap_mapping {
	refcount_t areas;
	struct lab_wrap *wrap;
	const struct vm_operations_struct *exporter_ops;
	struct vm_operations_struct ops;
};

static struct lab_wrap_mapping *lab_wrap_mapping_of(struct vm_area_struct *vma)
{
	return container_of(vma->vm_ops, struct lab_wrap_mapping, ops);
}

static void lab_wrap_count_map(struct lab_wrap *wrap, int change)
{
	mutex_lock(&wrap->lock);
	wrap->maps += change;
	mutex_unlock(&wrap->lock);
}

static void lab_wrap_area_open(struct vm_area_struct *vma)
{
	struct lab_wrap_mapping *mapping = lab_wrap_mapping_of(vma);

	if (mapping->exporter_ops && mapping->exporter_ops->open)
		mapping->exporter_ops->open(vma);
	refcount_inc(&mapping->areas);
	lab_wrap_count_map(mapping->wrap, 1);
}

static void lab_wrap_area_close(struct vm_area_struct *vma)
{
	struct lab_wrap_mapping *mapping = lab_wrap_mapping_of(vma);

	if (mapping->exporter_ops && mapping->exporter_ops->close)
		mapping->exporter_ops->close(vma);
	lab_wrap_count_map(mapping->wrap, -1);
	if (refcount_dec_and_test(&mapping->areas))
		kfree(mapping);
}

/* Counts the mapping first, so that nothing is replaced under it. */
static struct dma_buf *lab_wrap_begin_map(struct lab_wrap *wrap, struct vm_area_struct *vma)
{
	struct dma_buf *dmabuf;

	mutex_lock(&wrap->lock);
	dmabuf = lab_wrap_lends(wrap);
	if (IS_ERR(dmabuf))
		goto out;
	if (!wrap->writable && vma->vm_flags & VM_WRITE)
		dmabuf = ERR_PTR(-EACCES);
	else if (wrap->loading)
		dmabuf = ERR_PTR(-EAGAIN);
	else
		wrap->maps++;
out:
	mutex_unlock(&wrap->lock);
	return dmabuf;
}

/* The area keeps to the wrapfd, not to the dma-buf: its file holds the wrapfd, and what is mapped over it asks us. */
static void lab_wrap_adopt(struct lab_wrap_mapping *mapping, struct file *file, struct vm_area_struct *vma)
{
	mapping->exporter_ops = vma->vm_ops;
	if (vma->vm_ops)
		mapping->ops = *vma->vm_ops;
	mapping->ops.open = lab_wrap_area_open;
	mapping->ops.close = lab_wrap_area_close;
	vma->vm_ops = &mapping->ops;
	vma_set_file(vma, file);
}

/**
 * lab_wrap_map - map the dma-buf that a wrapfd holds
 * @file: the wrapfd
 * @vma: the area
 *
 * Return: 0; -EBUSY where another process owns it and lets no guests, -ENOENT
 * where it is empty, -EACCES for writing to what was wrapped for reading,
 * -EAGAIN while something is loaded, or what the exporter says.
 */
int lab_wrap_map(struct file *file, struct vm_area_struct *vma)
{
	struct lab_wrap *wrap = file->private_data;
	struct lab_wrap_mapping *mapping;
	struct dma_buf *dmabuf;
	int err;

	mapping = kzalloc(sizeof(*mapping), GFP_KERNEL_ACCOUNT);
	if (!mapping)
		return -ENOMEM;
	refcount_set(&mapping->areas, 1);
	mapping->wrap = wrap;
	dmabuf = lab_wrap_begin_map(wrap, vma);
	if (IS_ERR(dmabuf)) {
		kfree(mapping);
		return PTR_ERR(dmabuf);
	}
	if (!wrap->writable)
		vm_flags_clear(vma, VM_MAYWRITE);
	err = dma_buf_mmap(dmabuf, vma, vma->vm_pgoff);
	if (err) {
		lab_wrap_count_map(wrap, -1);
		kfree(mapping);
		return err;
	}
	lab_wrap_adopt(mapping, file, vma);
	return 0;
}
