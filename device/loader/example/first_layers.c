/* SPDX-License-Identifier: MIT */
/*
 * A consumer that starts on the first part of a file while the rest loads, and follows the progress.
 *
 *	first_layers FILE
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dmabuf_loader.h"

#define PARTS 4

/* Stands for a layer: it needs all bytes up to @end, and no more. */
static unsigned int use_part(const struct dmabuf_loader_buffer *buffer, uint64_t start, uint64_t end)
{
	const unsigned char *bytes = buffer->address;
	unsigned int sum = 0;

	for (uint64_t at = start; at < end; at++)
		sum = sum * 31 + bytes[at];
	return sum;
}

static int follow(struct dmabuf_loader_task *task, const struct dmabuf_loader_buffer *buffer)
{
	for (uint64_t part = 0; part < PARTS; part++) {
		uint64_t start = buffer->bytes * part / PARTS, end = buffer->bytes * (part + 1) / PARTS;

		if (dmabuf_loader_wait(task, end, -1))
			return -1;
		printf("part %" PRIu64 " with sum %08x; %" PRIu64 " of %" PRIu64 " bytes are ready\n", part + 1,
		       use_part(buffer, start, end), dmabuf_loader_ready_bytes(task), buffer->bytes);
	}
	return 0;
}

int main(int count, char **words)
{
	struct dmabuf_loader_options options = { .gather_bytes = 1 << 20 };
	struct dmabuf_loader_buffer buffer = DMABUF_LOADER_NO_BUFFER;
	struct dmabuf_loader_range whole = { 0 };
	struct dmabuf_loader_plan plan = { -1, &whole, 1, &buffer, 1 };
	struct dmabuf_loader_error error = { .error = 0 };
	struct dmabuf_loader_task *task;
	struct stat status;

	if (getenv("DMABUF_LOADER_MEMFD_ONLY"))
		options.memory = DMABUF_LOADER_MEMFD;
	if (count != 2) {
		fprintf(stderr, "usage: first_layers FILE\n");
		return 2;
	}
	plan.file_fd = open(words[1], O_RDONLY | O_CLOEXEC);
	if (plan.file_fd < 0 || fstat(plan.file_fd, &status)) {
		fprintf(stderr, "%s: %s\n", words[1], strerror(errno));
		return 1;
	}
	whole.bytes = buffer.bytes = (uint64_t)status.st_size;
	task = dmabuf_loader_start(&plan, &options, &error);
	close(plan.file_fd);
	if (task && follow(task, &buffer))
		fprintf(stderr, "the load ended early\n");
	if (!task || dmabuf_loader_finish(task, &error)) {
		fprintf(stderr, "%s\n", error.reason);
		return 1;
	}
	dmabuf_loader_free(&buffer);
	return 0;
}
