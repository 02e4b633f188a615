/* SPDX-License-Identifier: MIT */
/*
 * Drives dmabuf_loader_load() against a real /dev/udmabuf, or another kind of memory that the argument names, and
 * reports in TAP. Run as root in an empty directory on a file system with O_DIRECT; udmabuf's size limit is 64 MiB.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define MIB (1ULL << 20)
#define FILE_BYTES (5 * MIB + 777)

/* What is loaded into: the argument. */
static enum dmabuf_loader_memory memory = DMABUF_LOADER_UDMABUF;

/* What the file holds, and zeros as behind it in any buffer. Made once: it is compared with a dozen times. */
static unsigned char content[FILE_BYTES + 4 * MIB];

static void make_content(void)
{
	for (uint64_t i = 0; i < FILE_BYTES; i++)
		content[i] = (unsigned char)((i * 2654435761u) >> 13);
}

static void make_file(const char *path, uint64_t bytes)
{
	FILE *file = fopen(path, "w");

	if (fwrite(content, 1, bytes, file) != bytes || fclose(file))
		exit(1);
}

static int lines_of(const char *path)
{
	FILE *file = fopen(path, "r");
	int character, lines = 0;

	while ((character = fgetc(file)) != EOF)
		lines += character == '\n';
	fclose(file);
	return lines;
}

/* What a leak would show in: descriptors, threads, mappings. */
struct holdings {
	int descriptors;
	int threads;
	int mappings;
};

static struct holdings holdings_now(void)
{
	return (struct holdings){ entries_of("/proc/self/fd"), threads_of_process(), lines_of("/proc/self/maps") };
}

/* The allocator may keep a stack or an arena for later; what grows with every load is a leak. */
static bool same_holdings(struct holdings before, struct holdings after)
{
	return before.descriptors == after.descriptors && threads_end(before.threads) &&
	       after.mappings <= before.mappings + 16;
}

static bool content_fits(const unsigned char *data, uint64_t bytes, uint64_t mapped_bytes)
{
	const unsigned char *zeros = content + FILE_BYTES;

	return !memcmp(data, content, bytes) && !memcmp(data + bytes, zeros, mapped_bytes - bytes);
}

static bool buffer_fits(const struct dmabuf_loader_buffer *buffer, uint64_t bytes)
{
	unsigned char *mapping = mmap(NULL, buffer->mapped_bytes, PROT_READ, MAP_SHARED, buffer->dmabuf_fd, 0);
	bool fits = mapping != MAP_FAILED && buffer->bytes == bytes &&
		    content_fits(mapping, bytes, buffer->mapped_bytes) &&
		    content_fits(buffer->address, bytes, buffer->mapped_bytes);

	if (mapping != MAP_FAILED)
		munmap(mapping, buffer->mapped_bytes);
	return fits;
}

static void check_load(const struct dmabuf_loader_options *options, uint64_t bytes, const char *what)
{
	struct dmabuf_loader_options named = *options;
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error;

	named.memory = memory;
	if (dmabuf_loader_load("file", &named, &buffer, &error)) {
		printf("# %s\n", error.reason);
		check(false, what);
		return;
	}
	printf("# %s\n", buffer.why);
	check(buffer_fits(&buffer, bytes) && buffer.memory == memory, what);
	dmabuf_loader_free(&buffer);
}

static void check_loads(void)
{
	struct dmabuf_loader_options defaults = { 0 };
	struct dmabuf_loader_options many = { .gather_bytes = 4096, .readers = 64, .populators = 64 };
	struct dmabuf_loader_options odd = {
		.gather_bytes = MIB + 1, .readers = 3, .populators = 2, .bytes = 3 * MIB + 1
	};
	struct dmabuf_loader_options small = { .small_pages = true, .gather_bytes = MIB };
	struct dmabuf_loader_options buffered = { .buffered = true, .gather_bytes = MIB, .readers = 2 };
	struct dmabuf_loader_options one = { .bytes = 1 };
	struct dmabuf_loader_options one_memfd = { .one_memfd = true, .gather_bytes = MIB, .populators = 2 };
	struct dmabuf_loader_options parts = { .small_pages = true, .gather_bytes = 4096, .populators = 2 };

	check_load(&defaults, FILE_BYTES, "loads a whole file with the defaults");
	check_load(&many, FILE_BYTES, "loads with a page per gather and 64 threads of each kind");
	check_load(&odd, 3 * MIB + 1, "loads the first bytes with an odd gather");
	check_load(&small, FILE_BYTES, "loads into small pages");
	check_load(&one, 1, "loads one byte");
	if (memory != DMABUF_LOADER_WRAPFD)
		check_load(&buffered, FILE_BYTES, "loads through the page cache");
	if (memory != DMABUF_LOADER_UDMABUF)
		return;
	check_load(&one_memfd, FILE_BYTES, "loads into one memfd");
	check_load(&parts, FILE_BYTES, "joins hundreds of memfds");
}

static void check_failure(const char *path, uint64_t bytes, int number, bool refused)
{
	struct dmabuf_loader_options options = { .bytes = bytes, .memory = memory };
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error = { 0 };
	char what[600];
	int result = dmabuf_loader_load(path, &options, &buffer, &error);

	snprintf(what, sizeof(what), "%s fails: %s", path, error.reason);
	check(result == -1 && error.error == number && error.refused == refused && error.reason[0], what);
}

static void check_failures(void)
{
	check_failure("missing", 0, ENOENT, false);
	check_failure("empty", 0, ENODATA, false);
	check_failure("directory", 0, EINVAL, false);
	check_failure("file", FILE_BYTES + 1, ENODATA, false);
	if (memory == DMABUF_LOADER_UDMABUF)
		check_failure("large", 0, EINVAL, true);
	check_failure("sparse", 1ULL << 50, ENODATA, false);
}

/* A limit that is too low for udmabuf is none for the others; it is told. */
static void check_limit_passed_by(void)
{
	struct dmabuf_loader_choice choice;
	struct dmabuf_loader_options options = { .choice = &choice };
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error;
	bool loaded = dmabuf_loader_load("large", &options, &buffer, &error) == 0;

	check(loaded && buffer.memory == choice.memory && choice.memory != DMABUF_LOADER_UDMABUF &&
		      choice.attempts[0].memory == DMABUF_LOADER_UDMABUF && choice.attempts[0].error == EINVAL &&
		      strstr(buffer.why, "size limit"),
	      "unasked, a buffer beyond udmabuf's size limit is made of the next that there is");
	if (loaded)
		dmabuf_loader_free(&buffer);
}

/* The gathers are told by every kind that is read in them. */
static void check_records(void)
{
	struct dmabuf_loader_gather gathers[6] = { { 0 } };
	struct dmabuf_loader_times times;
	struct dmabuf_loader_options options = {
		.memory = memory, .gather_bytes = MIB, .gathers = gathers, .times = &times
	};
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error;
	bool told = dmabuf_loader_load("file", &options, &buffer, &error) == 0;

	for (int i = 0; told && i < 6; i++)
		told = gathers[i].read_start_ns >= times.start_ns && gathers[i].read_end_ns <= times.end_ns &&
		       gathers[i].read_start_ns < gathers[i].read_end_ns;
	check(told, "tells when each gather was read");
	if (told)
		dmabuf_loader_free(&buffer);
}

int main(int count, char **words)
{
	struct dmabuf_loader_options options = { 0 };
	struct holdings before, after;

	if (count > 1)
		memory = memory_named(words[1]);
	options.memory = memory;
	make_content();
	make_file("file", FILE_BYTES);
	make_file("empty", 0);
	mkdir("directory", 0755);
	make_file("large", 0);
	if (truncate("large", 65 * MIB))
		return 1;
	make_file("sparse", 1);
	check_loads();
	check_records();
	before = holdings_now();
	for (int i = 0; i < 20; i++) {
		struct dmabuf_loader_buffer buffer;
		struct dmabuf_loader_error error;

		if (dmabuf_loader_load("file", &options, &buffer, &error) == 0)
			dmabuf_loader_free(&buffer);
		if (memory == DMABUF_LOADER_UDMABUF)
			dmabuf_loader_load("large", &options, &buffer, &error);
	}
	check_failures();
	if (memory == DMABUF_LOADER_UDMABUF)
		check_limit_passed_by();
	after = holdings_now();
	check(same_holdings(before, after), "gives back descriptors, threads and mappings");
	return end_report();
}
