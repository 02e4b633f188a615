/* SPDX-License-Identifier: MIT */
/*
 * Loads a file into a dma-buf with the default options and says how long each stage took.
 *
 *	gcc -std=c11 -O2 -pthread -o load_file example/load_file.c *.c
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../dmabuf_loader.h"

static double ms(int64_t from_ns, int64_t to_ns)
{
	return (double)(to_ns - from_ns) / 1e6;
}

int main(int count, char **words)
{
	struct dmabuf_loader_times times;
	struct dmabuf_loader_options options = { .times = &times };
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error;

	if (count != 2) {
		fprintf(stderr, "usage: load_file PATH\n");
		return 2;
	}
	if (dmabuf_loader_load(words[1], &options, &buffer, &error)) {
		fprintf(stderr, "%s: %s (%s)\n", words[1], error.reason, strerror(error.error));
		return 1;
	}
	printf("%" PRIu64 " bytes in dma-buf %d after %.1f ms (UDMABUF_CREATE %.1f ms)\n", buffer.bytes,
	       buffer.dmabuf_fd, ms(times.start_ns, times.end_ns), ms(times.create_start_ns, times.create_end_ns));
	/* Here a program imports buffer.dmabuf_fd into its device, or sends it to another process. */
	dmabuf_loader_free(&buffer);
	return 0;
}
