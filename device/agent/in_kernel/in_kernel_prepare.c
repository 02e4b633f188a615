/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "in_kernel/in_kernel_patch.h"
#include "in_kernel/in_kernel_prepare.h"
#include "loader/error.h"
#include "loader/rounding.h"
#include "system/kernel_settings.h"

static void directory_of(const char *path, char *directory, size_t room)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		snprintf(directory, room, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	else
		snprintf(directory, room, ".");
}

/* What a series takes only a part of. Returns 0, or -1 with the load's error. */
static int check_series(struct load *load)
{
	uint64_t bytes = load->options->bytes;

	if (load->way == WAY_HEAP_IOCTL && bytes < page_bytes())
		return load_refused(&load->error, EINVAL, "the first series loads no file smaller than a page");
	if (load->way == WAY_HEAP_FLAG_SYNC && load->scheme->direct && bytes % page_bytes())
		return load_refused(&load->error, EINVAL,
				    "the second series' first patch reads directly only files of whole pages");
	return 0;
}

void in_kernel_prepare(struct load *load, struct measure_options *options, struct input_file *file,
		       struct truncated_copy *copy)
{
	char directory[4096];
	struct in_kernel_ways found;

	directory_of(options->path, directory, sizeof(directory));
	in_kernel_try_ways(&found, directory, options->heap);
	load->way = in_kernel_choose(&found, load->scheme->overlap == OVERLAP_GATHER, &load->error);
	if (!in_kernel_is_patch(load->way))
		return;
	if (check_series(load) || truncated_copy_take(copy, directory, options->bytes, file, &load->error))
		load->way = WAY_NONE;
	else if (copy->path[0])
		options->path = copy->path;
}

void in_kernel_cut_gathers(struct load *load)
{
	uint64_t wanted = load->options->gather_bytes;

	if (load->way == WAY_HEAP_IOCTL)
		load->gather_bytes = in_kernel_patch_batch(wanted, load->options->bytes);
	if (load->way == WAY_HEAP_FLAG_ASYNC)
		load->gather_bytes = kernel_settings_gather_limit(wanted);
}
