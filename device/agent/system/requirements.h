/* SPDX-License-Identifier: MIT */
#ifndef AGENT_REQUIREMENTS_H
#define AGENT_REQUIREMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "in_kernel/in_kernel_way.h"
#include "loader/source.h"

#define REASON_BYTES 576

/* Why a requirement is not met; empty when it is. Found by trying, on a directory or a file in it, and on one heap. */
struct requirements {
	char o_direct[REASON_BYTES];
	char dma_heap[REASON_BYTES];
	char heap_cpu_access[REASON_BYTES];
	char udmabuf[REASON_BYTES];
	char dmabuf_sendfile[REASON_BYTES];
	char dmabuf_copy_file_range[REASON_BYTES];
	char alloc_and_read[REASON_BYTES];
	char wrapfd[REASON_BYTES];
	char rwf_dontcache[REASON_BYTES];
	struct in_kernel_ways ways; /* of which one meets alloc-and-read */
	struct direct_align align;  /* of the file */
};

/* @file: the one to try reads on, or NULL for one that is made in the directory. */
void requirements_try(struct requirements *found, const char *directory, const char *file, const char *heap);

/* An error as a probe says it. */
void reason_text(char reason[REASON_BYTES], const struct dmabuf_loader_error *error);

/* Whether one page of the heap can be allocated and mapped; @reason says why not. */
bool heap_admits_cpu(const char *heap, char reason[REASON_BYTES]);

#endif
