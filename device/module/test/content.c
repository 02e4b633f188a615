// SPDX-License-Identifier: GPL-2.0
/*
 * Every mode at every awkward size: content, tail, page cache, timings.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"

#define MAX_GATHERS 1024

static struct dmabuf_lab_gather gathers[MAX_GATHERS];

struct mode {
	const char *name;
	uint32_t flags;
	uint32_t readers;
	uint64_t gather_bytes;
};

static const struct mode alloc_modes[] = {
	{ "sync", 0, 0, 0 },
	{ "async, 1 reader, default gather", DMABUF_LAB_ASYNC, 1, 0 },
	{ "async, 1 reader, 64KiB", DMABUF_LAB_ASYNC, 1, KIB(64) },
	{ "async, 3 readers, 1MiB", DMABUF_LAB_ASYNC, 3, MIB(1) },
	{ "async, 16 readers, 80KiB", DMABUF_LAB_ASYNC, 16, KIB(80) },
};

static const struct mode into_modes[] = {
	{ "read into", 0, 0, 0 },
	{ "read into, 2 readers", DMABUF_LAB_ASYNC, 2, MIB(1) },
	{ "pipe", DMABUF_LAB_PIPE, 0, 0 },
};

static const uint64_t sizes[] = {
	1, 511, 4095, 4096, 4097, KIB(64) - 1, KIB(64) + 1, MIB(1), MIB(3) + 5, MIB(8) + 512, MIB(9) + 777,
};

static struct dmabuf_lab_read load_of(const struct mode *mode, int file_fd, uint64_t bytes)
{
	return (struct dmabuf_lab_read){
		.file_fd = file_fd,
		.dmabuf_fd = -1,
		.flags = mode->flags,
		.readers = mode->readers,
		.gather_bytes = mode->gather_bytes,
		.bytes = bytes,
		.gathers = (uintptr_t)gathers,
		.gathers_capacity = MAX_GATHERS,
	};
}

/* NULL where the timings are of gathers that follow each other without a gap. */
static const char *timing_fault(const struct dmabuf_lab_read *load, bool allocated)
{
	uint64_t offset = 0;

	for (uint32_t i = 0; i < load->gathers_count; i++) {
		const struct dmabuf_lab_gather *gather = &gathers[i];

		if (gather->gather != i || gather->offset != offset)
			return "gathers do not follow each other";
		if (gather->read_begin_ns > gather->read_end_ns || !gather->read_begin_ns)
			return "a read ends before it begins";
		if (allocated != !!gather->alloc_begin_ns)
			return "allocation times are wrong";
		if (gather->alloc_begin_ns > gather->alloc_end_ns || gather->alloc_end_ns > gather->read_begin_ns)
			return "a gather is read before it is allocated";
		if (gather->reader && gather->reader >= load->readers)
			return "there is no such reader";
		offset += gather->bytes;
	}
	return offset == load->bytes ? NULL : "gathers do not cover the load";
}

static void check_load(const char *name, const struct dmabuf_lab_read *load, const char *path, bool direct,
		       bool allocated)
{
	const char *timing = timing_fault(load, allocated);
	int64_t wrong = first_wrong_byte(load->dmabuf_fd, load->buffer_offset, load->file_offset, load->bytes);
	uint64_t cached = cached_pages(path, load->bytes);

	if (wrong >= 0)
		report(false, name, "byte %" PRId64 " is wrong", wrong);
	else if (timing)
		report(false, name, "%s", timing);
	else if (direct && cached)
		report(false, name, "%" PRIu64 " pages cached", cached);
	else if (!direct && !cached)
		report(false, name, "a buffered read left nothing cached");
	else
		pass(name);
}

static void name_load(char *name, size_t size, const char *mode, bool direct, const char *buffer, uint64_t bytes)
{
	snprintf(name, size, "%s, %s, %s, %" PRIu64 " bytes", mode, direct ? "direct" : "buffered", buffer, bytes);
}

static void test_alloc(const struct mode *mode, const char *path, uint64_t bytes, bool direct)
{
	int file_fd = open_file(path, direct);
	struct dmabuf_lab_read load = load_of(mode, file_fd, bytes);
	char name[128];
	int err;

	name_load(name, sizeof(name), mode->name, direct, "own", bytes);
	drop_from_cache(path);
	err = alloc_and_read(&load);
	if (err) {
		report(false, name, "%s", strerror(-err));
	} else if (lseek(load.dmabuf_fd, 0, SEEK_END) != (off_t)page_align(bytes)) {
		report(false, name, "the buffer has another size");
		close(load.dmabuf_fd);
	} else {
		check_load(name, &load, path, direct, true);
		close(load.dmabuf_fd);
	}
	close(file_fd);
}

static void test_into(const struct mode *mode, const char *path, uint64_t bytes, bool direct, const char *buffer)
{
	int file_fd = open_file(path, direct);
	struct dmabuf_lab_read load = load_of(mode, file_fd, bytes);
	char name[128];
	int err;

	name_load(name, sizeof(name), mode->name, direct, buffer, bytes);
	load.dmabuf_fd = strcmp(buffer, "udmabuf") ? heap_buffer(bytes) : udmabuf_buffer(bytes);
	drop_from_cache(path);
	err = read_into(&load);
	if (err)
		report(false, name, "%s", strerror(-err));
	else
		check_load(name, &load, path, direct, false);
	close(load.dmabuf_fd);
	close(file_fd);
}

/* A part of a file, at an offset of the file and of the module's own buffer. */
static void test_part(const char *path, uint64_t bytes)
{
	static const struct mode sync = { .name = "part" };
	uint64_t offset = 5 * page_bytes();

	for (int direct = 0; direct < 2; direct++) {
		int file_fd = open_file(path, direct);
		struct dmabuf_lab_read load = load_of(&sync, file_fd, bytes);
		char name[128];
		int err;

		err = alloc_and_read(&load);
		load.buffer_offset = 3 * page_bytes();
		load.file_offset = offset;
		load.bytes = bytes - KIB(100) - 3;
		drop_from_cache(path);
		name_load(name, sizeof(name), "part", direct, "own", load.bytes);
		if (!err)
			err = read_into(&load);
		if (err)
			report(false, name, "%s", strerror(-err));
		else
			check_load(name, &load, path, direct, false);
		close(load.dmabuf_fd);
		close(file_fd);
	}
}

static bool load_overlaps(const char *path, uint64_t bytes)
{
	static const struct mode mode = { "", DMABUF_LAB_ASYNC, 1, KIB(256) };
	int file_fd = open_file(path, true);
	struct dmabuf_lab_read load = load_of(&mode, file_fd, bytes);
	int err = alloc_and_read(&load);

	close(file_fd);
	if (err)
		return false;
	close(load.dmabuf_fd);
	return gathers[0].read_begin_ns < gathers[load.gathers_count - 1].alloc_end_ns;
}

/*
 * Reading must begin while allocation goes on; that is what async is for. On
 * a busy machine the reader may come late now and then, but not every time.
 */
static void test_overlap(const char *path, uint64_t bytes)
{
	int tries = 0;
	bool overlaps = false;

	while (!overlaps && tries++ < 20)
		overlaps = load_overlaps(path, bytes);
	report(overlaps, "async overlaps", "not in %d loads", tries);
}

/* A buffer outlives its module user's file, and two mappings see one memory. */
static void test_shared_memory(const char *path, uint64_t bytes)
{
	static const struct mode sync = { .name = "shared" };
	int file_fd = open_file(path, false);
	struct dmabuf_lab_read load = load_of(&sync, file_fd, bytes);
	uint64_t last_page = page_align(bytes) - page_bytes();
	int err = alloc_and_read(&load);
	char *whole, *page;
	bool same;

	close(file_fd);
	if (err) {
		report(false, "two mappings see one memory", "%s", strerror(-err));
		return;
	}
	whole = mmap(NULL, page_align(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, load.dmabuf_fd, 0);
	page = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, load.dmabuf_fd, last_page);
	close(load.dmabuf_fd);
	if (whole == MAP_FAILED || page == MAP_FAILED)
		bail_out("mmap the dma-buf");
	page[17] = 'x';
	same = whole[last_page + 17] == 'x';
	report(same, "two mappings see one memory", "they differ");
	munmap(whole, page_align(bytes));
	munmap(page, page_bytes());
}

struct watch {
	int fd;
	uint64_t bytes;
	int64_t wrong;
};

/* Looks at a descriptor as soon as it exists. */
static void *look_at_once(void *argument)
{
	struct watch *watch = argument;

	while (fcntl(watch->fd, F_GETFD) < 0)
		;
	watch->wrong = first_wrong_byte(watch->fd, 0, 0, watch->bytes);
	return NULL;
}

/* Another thread can guess the next descriptor, and must find it whole. */
static void test_installation(const char *path, uint64_t bytes)
{
	static const struct mode mode = { "", DMABUF_LAB_ASYNC, 2, KIB(256) };
	int file_fd = open_file(path, true);
	struct dmabuf_lab_read load = load_of(&mode, file_fd, bytes);
	struct watch watch = { .fd = dup(file_fd), .bytes = bytes };
	pthread_t thread;
	int err;

	close(watch.fd);
	pthread_create(&thread, NULL, look_at_once, &watch);
	err = alloc_and_read(&load);
	if (err || load.dmabuf_fd != watch.fd)
		bail_out("the next descriptor is %d, not %d", load.dmabuf_fd, watch.fd);
	pthread_join(thread, NULL);
	report(watch.wrong < 0, "a buffer is whole when it is first seen", "byte %" PRId64 " is wrong", watch.wrong);
	close(load.dmabuf_fd);
	close(file_fd);
}

/* The module cannot be unloaded under a buffer of its own. */
static void test_module_reference(const char *path, uint64_t bytes)
{
	static const struct mode sync = { .name = "reference" };
	int file_fd = open_file(path, false);
	struct dmabuf_lab_read load = load_of(&sync, file_fd, bytes);
	long before = read_counters().module_references;
	int err = alloc_and_read(&load);
	long during = read_counters().module_references;

	if (!err)
		close(load.dmabuf_fd);
	close(file_fd);
	report(!err && during == before + 1 && read_counters().module_references == before, "a buffer holds the module",
	       "errno %d, %ld references more", -err, during - before);
}

void test_content(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/content.bin", folder);
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		write_pattern_file(path, sizes[s]);
		for (int direct = 0; direct < 2; direct++) {
			for (size_t m = 0; m < sizeof(alloc_modes) / sizeof(*alloc_modes); m++)
				test_alloc(&alloc_modes[m], path, sizes[s], direct);
			for (size_t m = 0; m < sizeof(into_modes) / sizeof(*into_modes); m++) {
				test_into(&into_modes[m], path, sizes[s], direct, "heap");
				test_into(&into_modes[m], path, sizes[s], direct, "udmabuf");
			}
		}
	}
	test_part(path, sizes[sizeof(sizes) / sizeof(*sizes) - 1]);
	test_overlap(path, sizes[sizeof(sizes) / sizeof(*sizes) - 1]);
	test_shared_memory(path, sizes[sizeof(sizes) / sizeof(*sizes) - 1]);
	test_installation(path, sizes[sizeof(sizes) / sizeof(*sizes) - 1]);
	test_module_reference(path, KIB(64));
	unlink(path);
}
