/* SPDX-License-Identifier: MIT */
/*
 * Loads a file into a dma-buf, and says what memory it was given, why, and how long each stage took.
 *
 *	gcc -std=c11 -O2 -pthread -o load_file example/load_file.c *.c
 *	load_file [--memory auto|udmabuf|memfd|heap|wrapfd|module] [--heap NAME] PATH
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../dmabuf_loader.h"

static double ms(int64_t from_ns, int64_t to_ns)
{
	return (double)(to_ns - from_ns) / 1e6;
}

/* Whether @word names a kind of memory, which the options then ask for. */
static bool take_memory(struct dmabuf_loader_options *options, const char *word)
{
	const char *name;

	for (int memory = 0; (name = dmabuf_loader_memory_name((enum dmabuf_loader_memory)memory)) != NULL; memory++) {
		if (strcmp(word, name) != 0)
			continue;
		options->memory = (enum dmabuf_loader_memory)memory;
		return true;
	}
	return false;
}

/* The path, or NULL where the words make no sense. */
static const char *take_words(struct dmabuf_loader_options *options, int count, char **words)
{
	int at = 1;

	for (; at + 1 < count && words[at][0] == '-'; at += 2) {
		if (strcmp(words[at], "--heap") == 0)
			options->heap = words[at + 1];
		else if (strcmp(words[at], "--memory") != 0 || !take_memory(options, words[at + 1]))
			return NULL;
	}
	return at + 1 == count ? words[at] : NULL;
}

static void print_attempts(const struct dmabuf_loader_choice *choice)
{
	for (unsigned int i = 0; i < choice->attempt_count; i++) {
		const struct dmabuf_loader_attempt *attempt = &choice->attempts[i];

		printf("%s: %s%s%s\n", dmabuf_loader_memory_name(attempt->memory), attempt->reason,
		       attempt->error ? ": " : "", attempt->error ? strerror(attempt->error) : "");
	}
}

int main(int count, char **words)
{
	struct dmabuf_loader_times times;
	struct dmabuf_loader_choice choice = { .attempt_count = 0 };
	struct dmabuf_loader_options options = { .times = &times, .choice = &choice };
	const char *path = take_words(&options, count, words);
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error;

	if (!path) {
		fprintf(stderr, "usage: load_file [--memory KIND] [--heap NAME] PATH\n");
		return 2;
	}
	if (dmabuf_loader_load(path, &options, &buffer, &error)) {
		print_attempts(&choice);
		fprintf(stderr, "%s: %s (%s)\n", path, error.reason, strerror(error.error));
		return 1;
	}
	print_attempts(&choice);
	printf("%s\n", buffer.why);
	printf("%" PRIu64 " bytes in dma-buf %d after %.1f ms\n", buffer.bytes, buffer.dmabuf_fd,
	       ms(times.start_ns, times.end_ns));
	/* The other kinds tell no such stage. */
	if (times.create_end_ns)
		printf("UDMABUF_CREATE %.1f ms\n", ms(times.create_start_ns, times.create_end_ns));
	/* Here a program imports buffer.dmabuf_fd into its device, or sends it to another process. */
	dmabuf_loader_free(&buffer);
	return 0;
}
