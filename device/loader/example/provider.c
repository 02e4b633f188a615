/* SPDX-License-Identifier: MIT */
/*
 * A provider of buffers for runtimes that call back for them, such as QNN's createFromBinaryWithCallback: the runtime
 * asks for one part of the model's file after the other, gets a dma-buf each, and releases them one by one. There are no
 * globals: what the runtime passes through as user data is a struct provider.
 *
 *	provider FILE OFFSET:BYTES...	plays the runtime
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../dmabuf_loader.h"

struct provider {
	int file;
	struct dmabuf_loader_options options;
};

/* What the runtime gets, and gives back. */
struct provided {
	struct dmabuf_loader_buffer buffer;
	uint64_t data_offset; /* of the data in the buffer */
};

/* The callback that provides: returns 0 when the part of the file is in a new buffer, or -1. */
static int provide(void *user_data, uint64_t offset, uint64_t bytes, struct provided *provided)
{
	struct provider *provider = user_data;
	struct dmabuf_loader_range range = { .file_offset = offset, .bytes = bytes };
	struct dmabuf_loader_buffer empty = DMABUF_LOADER_NO_BUFFER;
	struct dmabuf_loader_plan plan = { provider->file, &range, 1, &provided->buffer, 1 };
	struct dmabuf_loader_error error;
	struct dmabuf_loader_task *task;

	provided->buffer = empty;
	provided->buffer.bytes = bytes;
	provided->data_offset = 0;
	task = dmabuf_loader_start(&plan, &provider->options, &error);
	/* A runtime that starts on the first layers would return here, and wait for what it needs. */
	if (task && dmabuf_loader_finish(task, &error) == 0)
		return 0;
	fprintf(stderr, "%" PRIu64 " bytes at %" PRIu64 ": %s\n", bytes, offset, error.reason);
	return -1;
}

/* The callback that releases. */
static void release(void *user_data, struct provided *provided)
{
	(void)user_data;
	dmabuf_loader_free(&provided->buffer);
}

static int use_part(struct provider *provider, const char *words)
{
	struct provided provided;
	uint64_t offset, bytes;

	if (sscanf(words, "%" SCNu64 ":%" SCNu64, &offset, &bytes) != 2) {
		fprintf(stderr, "%s is no OFFSET:BYTES\n", words);
		return -1;
	}
	if (provide(provider, offset, bytes, &provided))
		return -1;
	printf("%" PRIu64 " bytes at %" PRIu64 " in dma-buf %d, first byte %u\n", bytes, offset,
	       provided.buffer.dmabuf_fd, *((unsigned char *)provided.buffer.address + provided.data_offset));
	release(provider, &provided);
	return 0;
}

int main(int count, char **words)
{
	struct provider provider = { .file = -1 };
	int result = 0;

	/* Without a device that makes dma-bufs: plain shared memory, to try the rest. */
	if (getenv("DMABUF_LOADER_MEMFD_ONLY"))
		provider.options.memory = DMABUF_LOADER_MEMFD;
	if (count < 3) {
		fprintf(stderr, "usage: provider FILE OFFSET:BYTES...\n");
		return 2;
	}
	provider.file = open(words[1], O_RDONLY | O_CLOEXEC);
	if (provider.file < 0) {
		fprintf(stderr, "%s: %s\n", words[1], strerror(errno));
		return 1;
	}
	for (int i = 2; i < count && !result; i++)
		result = use_part(&provider, words[i]);
	close(provider.file);
	return result ? 1 : 0;
}
