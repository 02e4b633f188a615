// SPDX-License-Identifier: GPL-2.0
/*
 * How much memory a call may take, and all buffers together.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "dmabuf_lab.h"

static unsigned long max_mib;
module_param(max_mib, ulong, 0644);
MODULE_PARM_DESC(max_mib, "Largest buffer in MiB (default 3/4 of memory)");

static unsigned long max_total_mib;
module_param(max_total_mib, ulong, 0644);
MODULE_PARM_DESC(max_total_mib, "All buffers together in MiB (default 3/4 of memory)");

static unsigned long max_gather_mib = 1024;
module_param(max_gather_mib, ulong, 0644);
MODULE_PARM_DESC(max_gather_mib, "Largest gather in MiB (default 1024)");

/* Of buffers, and of loads that may become one. */
static atomic64_t lab_held_bytes = ATOMIC64_INIT(0);

static u64 lab_mib_or_most_memory(unsigned long mib)
{
	if (mib)
		return (u64)mib << 20;
	return (u64)(totalram_pages() - totalram_pages() / 4) << PAGE_SHIFT;
}

u64 lab_max_bytes(void)
{
	return lab_mib_or_most_memory(READ_ONCE(max_mib));
}

u64 lab_max_gather_bytes(void)
{
	return (u64)READ_ONCE(max_gather_mib) << 20;
}

/**
 * lab_load_hold - count what a load will allocate, before it does
 * @load: holds nothing so far; what it holds goes to its buffer, or with it
 * @bytes: whole pages
 *
 * Return: 0, or -ENOMEM where all buffers together would pass the limit.
 */
int lab_load_hold(struct lab_load *load, u64 bytes)
{
	u64 held = atomic64_add_return(bytes, &lab_held_bytes);

	if (held > lab_mib_or_most_memory(READ_ONCE(max_total_mib))) {
		lab_let_go(bytes);
		return -ENOMEM;
	}
	load->held_bytes = bytes;
	return 0;
}

void lab_let_go(u64 bytes)
{
	atomic64_sub(bytes, &lab_held_bytes);
}
