/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "load/load.h"
#include "schemes/catalogue.h"
#include "schemes/heap_schemes.h"
#include "schemes/in_kernel_schemes.h"
#include "schemes/memfd_schemes.h"
#include "schemes/udmabuf_schemes.h"
#include "schemes/wrapfd_schemes.h"

#define BUFFERED false
#define DIRECT true

/* A row here and a row in contract/schemes.ts are one scheme; a test compares them. */
static const struct scheme schemes[] = {
	{ "normal", BUFFER_DMA_HEAP, FILL_READ, OVERLAP_NONE, BUFFERED, heap_normal },
	{ "normal-mmap-copy", BUFFER_DMA_HEAP, FILL_MMAP_COPY, OVERLAP_NONE, BUFFERED, heap_mmap_copy },
	{ "normal-dontcache", BUFFER_DMA_HEAP, FILL_DONTCACHE, OVERLAP_NONE, BUFFERED, heap_dontcache },
	{ "udmabuf-buffered", BUFFER_UDMABUF, FILL_READ, OVERLAP_NONE, BUFFERED, udmabuf_serial },
	{ "udmabuf-direct", BUFFER_UDMABUF, FILL_READ, OVERLAP_NONE, DIRECT, udmabuf_serial },
	{ "udmabuf-async-buffered", BUFFER_UDMABUF, FILL_READ, OVERLAP_ASYNC, BUFFERED, udmabuf_async },
	{ "udmabuf-async-direct", BUFFER_UDMABUF, FILL_READ, OVERLAP_ASYNC, DIRECT, udmabuf_async },
	{ "udmabuf-gather-direct", BUFFER_UDMABUF, FILL_READ, OVERLAP_GATHER, DIRECT, udmabuf_gather },
	{ "udmabuf-list-direct", BUFFER_UDMABUF, FILL_READ, OVERLAP_GATHER, DIRECT, udmabuf_list },
	{ "sendfile-buffered", BUFFER_DMA_HEAP, FILL_SENDFILE, OVERLAP_NONE, BUFFERED, heap_sendfile },
	{ "sendfile-direct", BUFFER_DMA_HEAP, FILL_SENDFILE, OVERLAP_NONE, DIRECT, heap_sendfile },
	{ "copy-file-range-direct", BUFFER_DMA_HEAP, FILL_COPY_FILE_RANGE, OVERLAP_NONE, DIRECT, heap_copy_file_range },
	{ "read-sync-buffered", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_NONE, BUFFERED, in_kernel_serial },
	{ "read-sync-direct", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_NONE, DIRECT, in_kernel_serial },
	{ "read-async-buffered", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_GATHER, BUFFERED, in_kernel_gather },
	{ "read-async-direct", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_GATHER, DIRECT, in_kernel_gather },
	{ "wrapfd-direct", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_NONE, DIRECT, wrapfd_serial },
	{ "wrapfd-segments-direct", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_GATHER, DIRECT, wrapfd_segments },
	{ "wrapfd-slices-direct", BUFFER_DMA_HEAP, FILL_IOCTL, OVERLAP_GATHER, DIRECT, wrapfd_slices },
	{ "memfd-buffered", BUFFER_MEMFD, FILL_READ, OVERLAP_NONE, BUFFERED, memfd_serial },
	{ "memfd-direct", BUFFER_MEMFD, FILL_READ, OVERLAP_NONE, DIRECT, memfd_serial },
	{ "memfd-dontcache", BUFFER_MEMFD, FILL_DONTCACHE, OVERLAP_NONE, BUFFERED, memfd_dontcache },
	{ "memfd-mmap-copy", BUFFER_MEMFD, FILL_MMAP_COPY, OVERLAP_NONE, BUFFERED, memfd_mmap_copy },
	{ "memfd-sendfile-buffered", BUFFER_MEMFD, FILL_SENDFILE, OVERLAP_NONE, BUFFERED, memfd_sendfile },
	{ "memfd-sendfile-direct", BUFFER_MEMFD, FILL_SENDFILE, OVERLAP_NONE, DIRECT, memfd_sendfile },
	{ "memfd-async-direct", BUFFER_MEMFD, FILL_READ, OVERLAP_ASYNC, DIRECT, memfd_async },
	{ "memfd-gather-direct", BUFFER_MEMFD, FILL_READ, OVERLAP_GATHER, DIRECT, memfd_gather },
	{ "memfd-list-direct", BUFFER_MEMFD, FILL_READ, OVERLAP_GATHER, DIRECT, memfd_list },
	{ "memfd-gather-buffered", BUFFER_MEMFD, FILL_READ, OVERLAP_GATHER, BUFFERED, memfd_gather },
};

const struct scheme *scheme_at(size_t place)
{
	return place < sizeof(schemes) / sizeof(*schemes) ? &schemes[place] : NULL;
}

const struct scheme *scheme_find(const char *id)
{
	const struct scheme *scheme;

	for (size_t place = 0; (scheme = scheme_at(place)); place++)
		if (strcmp(scheme->id, id) == 0)
			break;
	return scheme;
}

bool scheme_has_memfd_per_gather(const struct scheme *scheme)
{
	return scheme->run == memfd_list || scheme->run == udmabuf_list;
}
