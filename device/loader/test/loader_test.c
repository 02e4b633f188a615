/* SPDX-License-Identifier: MIT */
/*
 * Drives the loader against a real /dev/udmabuf and reports in TAP. Run as root in an empty directory on a file system
 * with O_DIRECT; udmabuf's size limit is 64 MiB.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dmabuf_loader.h"

#define MIB (1ULL << 20)
#define FILE_BYTES (5 * MIB + 777)

static int tests, failures;

static void check(bool passed, const char *what)
{
	tests++;
	failures += !passed;
	printf("%sok %d - %s\n", passed ? "" : "not ", tests, what);
}

static unsigned char byte_at(uint64_t offset)
{
	return (unsigned char)((offset * 2654435761u) >> 13);
}

static void make_file(const char *path, uint64_t bytes)
{
	FILE *file = fopen(path, "w");

	for (uint64_t i = 0; i < bytes; i++)
		fputc(byte_at(i), file);
	fclose(file);
}

static int entries_of(const char *directory)
{
	DIR *open_directory = opendir(directory);
	int count = 0;

	while (readdir(open_directory))
		count++;
	closedir(open_directory);
	return count;
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
	return (struct holdings){ entries_of("/proc/self/fd"), entries_of("/proc/self/task"),
				  lines_of("/proc/self/maps") };
}

/* The allocator may keep a stack or an arena for later; what grows with every load is a leak. */
static bool same_holdings(struct holdings before, struct holdings after)
{
	return before.descriptors == after.descriptors && before.threads == after.threads &&
	       after.mappings <= before.mappings + 16;
}

static bool content_fits(const unsigned char *data, uint64_t bytes, uint64_t mapped_bytes)
{
	for (uint64_t i = 0; i < bytes; i++)
		if (data[i] != byte_at(i))
			return false;
	for (uint64_t i = bytes; i < mapped_bytes; i++)
		if (data[i] != 0)
			return false;
	return true;
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
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error;

	if (dmabuf_loader_load("file", options, &buffer, &error)) {
		printf("# %s\n", error.reason);
		check(false, what);
		return;
	}
	check(buffer_fits(&buffer, bytes), what);
	dmabuf_loader_free(&buffer);
}

static void check_loads(void)
{
	struct dmabuf_loader_options many = { .gather_bytes = 4096, .readers = 64, .populators = 64 };
	struct dmabuf_loader_options odd = {
		.gather_bytes = MIB + 1, .readers = 3, .populators = 2, .bytes = 3 * MIB + 1
	};
	struct dmabuf_loader_options small = { .small_pages = true, .gather_bytes = MIB };
	struct dmabuf_loader_options buffered = { .buffered = true, .gather_bytes = MIB, .readers = 2 };
	struct dmabuf_loader_options one = { .bytes = 1 };
	struct dmabuf_loader_options one_memfd = { .one_memfd = true, .gather_bytes = MIB, .populators = 2 };
	struct dmabuf_loader_options parts = { .small_pages = true, .gather_bytes = 4096, .populators = 2 };

	check_load(NULL, FILE_BYTES, "loads a whole file with the defaults");
	check_load(&many, FILE_BYTES, "loads with a page per gather and 64 threads of each kind");
	check_load(&odd, 3 * MIB + 1, "loads the first bytes with an odd gather");
	check_load(&small, FILE_BYTES, "loads into small pages");
	check_load(&buffered, FILE_BYTES, "loads through the page cache");
	check_load(&one, 1, "loads one byte");
	check_load(&one_memfd, FILE_BYTES, "loads into one memfd");
	check_load(&parts, FILE_BYTES, "joins hundreds of memfds");
}

static void check_failure(const char *path, uint64_t bytes, int number, bool refused)
{
	struct dmabuf_loader_options options = { .bytes = bytes };
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_error error = { 0 };
	char what[320];
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
	check_failure("large", 0, EINVAL, true);
	check_failure("sparse", 1ULL << 50, ENODATA, false);
}

int main(void)
{
	struct holdings before, after;

	make_file("file", FILE_BYTES);
	make_file("empty", 0);
	mkdir("directory", 0755);
	make_file("large", 0);
	if (truncate("large", 65 * MIB))
		return 1;
	make_file("sparse", 1);
	check_loads();
	before = holdings_now();
	for (int i = 0; i < 20; i++) {
		struct dmabuf_loader_buffer buffer;
		struct dmabuf_loader_error error;

		if (dmabuf_loader_load("file", NULL, &buffer, &error) == 0)
			dmabuf_loader_free(&buffer);
		dmabuf_loader_load("large", NULL, &buffer, &error);
	}
	check_failures();
	after = holdings_now();
	check(same_holdings(before, after), "gives back descriptors, threads and mappings");
	printf("1..%d\n", tests);
	return failures > 0;
}
