/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "load/load.h"
#include "schemes/catalogue.h"
#include "schemes/heap_schemes.h"
#include "schemes/in_kernel_schemes.h"
#include "schemes/memfd_schemes.h"
#include "schemes/udmabuf_schemes.h"

/* The catalogue of contract/schemes.ts. */
static const struct scheme schemes[] = {
	{ .id = "normal", .run = heap_normal },
	{ .id = "normal-mmap-copy", .run = heap_mmap_copy },
	{ .id = "udmabuf-buffered", .udmabuf = true, .run = udmabuf_serial },
	{ .id = "udmabuf-direct", .direct = true, .udmabuf = true, .run = udmabuf_serial },
	{ .id = "udmabuf-async-buffered", .udmabuf = true, .reader_thread = true, .run = udmabuf_async },
	{ .id = "udmabuf-async-direct", .direct = true, .udmabuf = true, .reader_thread = true, .run = udmabuf_async },
	{ .id = "udmabuf-gather-direct", .direct = true, .udmabuf = true, .gathers = true, .run = udmabuf_gather },
	{ .id = "sendfile-buffered", .run = heap_sendfile },
	{ .id = "sendfile-direct", .direct = true, .run = heap_sendfile },
	{ .id = "copy-file-range-direct", .direct = true, .run = heap_copy_file_range },
	{ .id = "read-sync-buffered", .in_kernel = true, .run = in_kernel_serial },
	{ .id = "read-sync-direct", .direct = true, .in_kernel = true, .run = in_kernel_serial },
	{ .id = "read-async-buffered", .in_kernel = true, .gathers = true, .run = in_kernel_gather },
	{ .id = "read-async-direct", .direct = true, .in_kernel = true, .gathers = true, .run = in_kernel_gather },
	{ .id = "memfd-buffered", .run = memfd_serial },
	{ .id = "memfd-direct", .direct = true, .run = memfd_serial },
	{ .id = "memfd-mmap-copy", .run = memfd_mmap_copy },
	{ .id = "memfd-sendfile-buffered", .run = memfd_sendfile },
	{ .id = "memfd-sendfile-direct", .direct = true, .run = memfd_sendfile },
	{ .id = "memfd-async-direct", .direct = true, .reader_thread = true, .run = memfd_async },
	{ .id = "memfd-gather-direct", .direct = true, .gathers = true, .run = memfd_gather },
	{ .id = "memfd-gather-buffered", .gathers = true, .run = memfd_gather },
};

const struct scheme *scheme_find(const char *id)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strcmp(schemes[i].id, id) == 0)
			return &schemes[i];
	return NULL;
}
