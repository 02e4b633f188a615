// SPDX-License-Identifier: GPL-2.0
/*
 * Two protected heaps as phones have them, without a secure world behind them:
 *
 *   restricted_lab_cm     a chunk reserved at boot: reserve_mem=SIZE:4096:dmabuf_lab_cm
 *   restricted_lab_cma    a chunk of cma_mib MiB, taken from CMA with the first buffer and given back with the last
 *
 * A heap cannot be removed, so neither can this module. debugfs has a line of each in dmabuf_lab_heaps.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/dma-heap.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>

#include "protected_buffer.h"
#include "protected_pool.h"

static unsigned int cma_mib = 32;
module_param(cma_mib, uint, 0444);
MODULE_PARM_DESC(cma_mib, "MiB of the chunk of restricted_lab_cma (default 32)");

static struct protected_pool boot_pool = { .name = "restricted_lab_cm" };
static struct protected_pool cma_pool = { .name = "restricted_lab_cma" };

/* Of a pool that is ready; what it has is given back where the kernel takes no heap. */
static int __init heap_add(struct protected_pool *pool)
{
	struct dma_heap_export_info info = { .name = pool->name, .ops = &protected_heap_ops, .priv = pool };
	int err = PTR_ERR_OR_ZERO(dma_heap_add(&info));

	if (err)
		protected_pool_destroy(pool);
	return err;
}

static void heap_tell(struct seq_file *file, struct protected_pool *pool)
{
	struct protected_pool_state state;

	protected_pool_state(pool, &state);
	seq_printf(file, "%s total_bytes %zu left_bytes %zu buffers %u %s\n", pool->name, state.total_bytes,
		   state.left_bytes, state.buffers, state.reserved ? "reserved" : "not reserved");
}

static int heaps_show(struct seq_file *file, void *data)
{
	if (boot_pool.bytes)
		heap_tell(file, &boot_pool);
	if (cma_pool.bytes)
		heap_tell(file, &cma_pool);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(heaps);

static int __init boot_heap_add(void)
{
	int err = protected_pool_init_boot(&boot_pool, "dmabuf_lab_cm");

	return err ? err : heap_add(&boot_pool);
}

static int __init cma_heap_add(void)
{
	int err = protected_pool_init_cma(&cma_pool, (size_t)cma_mib * SZ_1M);

	return err ? err : heap_add(&cma_pool);
}

/* One of them is enough: a kernel may have no chunk, or no CMA. What is not there has no bytes. */
static int __init heaps_init(void)
{
	int boot_err = boot_heap_add();
	int cma_err = cma_heap_add();

	if (boot_err)
		pr_info("no %s: error %d\n", boot_pool.name, boot_err);
	if (cma_err)
		pr_info("no %s: error %d\n", cma_pool.name, cma_err);
	if (boot_err && cma_err)
		return boot_err;
	debugfs_create_file("dmabuf_lab_heaps", 0444, NULL, NULL, &heaps_fops);
	return 0;
}

module_init(heaps_init);
MODULE_DESCRIPTION("Protected dma-heaps, to see what loads do there");
MODULE_LICENSE("GPL");
