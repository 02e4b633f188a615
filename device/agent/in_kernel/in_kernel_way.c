/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "in_kernel/in_kernel_patch.h"
#include "in_kernel/in_kernel_way.h"
#include "loader/dma_heap.h"
#include "loader/error.h"
#include "loader/lab_module.h"

static const struct {
	const char *id;
	const char *mark;
} names[WAY_COUNT] = {
	[WAY_HEAP_IOCTL] = { "heap-ioctl", "heap ioctl" },
	[WAY_HEAP_FLAG_SYNC] = { "heap-flag-sync", "heap flag" },
	[WAY_HEAP_FLAG_ASYNC] = { "heap-flag-async", "heap flag" },
	[WAY_MODULE] = { "module", "lab module" },
};

const char *in_kernel_way_id(enum in_kernel_way way)
{
	return names[way].id;
}

const char *in_kernel_way_mark(enum in_kernel_way way)
{
	return names[way].mark;
}

bool in_kernel_is_patch(enum in_kernel_way way)
{
	return way != WAY_NONE && way != WAY_MODULE;
}

static void try_module(struct dmabuf_loader_error *why_not)
{
	int device = lab_module_open(why_not);

	if (device >= 0)
		close(device);
}

static void try_flag(struct in_kernel_ways *found, int heap, const struct trial_file *file)
{
	struct dmabuf_loader_error *sync = &found->why_not[WAY_HEAP_FLAG_SYNC];
	struct dmabuf_loader_error *async = &found->why_not[WAY_HEAP_FLAG_ASYNC];
	int overlaps =
		in_kernel_patch_try_flag(heap, file, sync) ? -1 : in_kernel_patch_flag_overlaps(heap, file, sync);

	if (overlaps < 0)
		*async = *sync;
	else if (overlaps)
		load_refused(sync, 0, "this kernel's heap flag reads while it allocates");
	else
		load_refused(async, 0, "this kernel's heap flag reads when all is allocated");
}

static void try_heap(struct in_kernel_ways *found, int heap, const char *directory)
{
	struct dmabuf_loader_error *ioctl = &found->why_not[WAY_HEAP_IOCTL];
	struct trial_file file;

	if (trial_file_create(&file, directory, ioctl)) {
		found->why_not[WAY_HEAP_FLAG_SYNC] = *ioctl;
		found->why_not[WAY_HEAP_FLAG_ASYNC] = *ioctl;
		return;
	}
	in_kernel_patch_try_ioctl(heap, &file, ioctl);
	try_flag(found, heap, &file);
	trial_file_remove(&file);
}

void in_kernel_try_ways(struct in_kernel_ways *found, const char *directory, const char *heap)
{
	struct dmabuf_loader_error *ioctl = &found->why_not[WAY_HEAP_IOCTL];
	int device;

	memset(found, 0, sizeof(*found));
	try_module(&found->why_not[WAY_MODULE]);
	device = dma_heap_open(heap, ioctl);
	if (device < 0) {
		found->why_not[WAY_HEAP_FLAG_SYNC] = *ioctl;
		found->why_not[WAY_HEAP_FLAG_ASYNC] = *ioctl;
		return;
	}
	try_heap(found, device, directory);
	close(device);
}

bool in_kernel_has(const struct in_kernel_ways *found, enum in_kernel_way way)
{
	return found->why_not[way].reason[0] == '\0';
}

static bool runs(enum in_kernel_way way, bool overlapped)
{
	return way == WAY_MODULE || overlapped == (way != WAY_HEAP_FLAG_SYNC);
}

static bool has_patch(const struct in_kernel_ways *found)
{
	return in_kernel_has(found, WAY_HEAP_IOCTL) || in_kernel_has(found, WAY_HEAP_FLAG_SYNC) ||
	       in_kernel_has(found, WAY_HEAP_FLAG_ASYNC);
}

bool in_kernel_has_any(const struct in_kernel_ways *found, struct dmabuf_loader_error *why_not)
{
	const struct dmabuf_loader_error *module = &found->why_not[WAY_MODULE];

	if (has_patch(found) || in_kernel_has(found, WAY_MODULE))
		return true;
	load_refused(why_not, module->error, "%s, or a kernel that carries one of the refused series", module->reason);
	return false;
}

enum in_kernel_way in_kernel_choose(const struct in_kernel_ways *found, bool overlapped,
				    struct dmabuf_loader_error *error)
{
	for (enum in_kernel_way way = WAY_NONE + 1; way < WAY_COUNT; way++)
		if (runs(way, overlapped) && in_kernel_has(found, way))
			return way;
	if (in_kernel_has_any(found, error))
		load_refused(error, 0, "this kernel's patch reads %s: %s needs the kernel module",
			     overlapped ? "when all is allocated" : "while it allocates",
			     overlapped ? "read-async-*" : "read-sync-*");
	return WAY_NONE;
}
