// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of a call fails once: an error or a whole buffer, and
 * nothing left. Needs a kernel with fault injection.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"
#include "wrapfd_calls.h"

/* Pages of order 4 and 0, several gathers, a tail. */
#define FILE_BYTES (KIB(150) + 777)
#define GATHER_BYTES KIB(64)
#define MOST_ALLOCATIONS 2000

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		bail_out("write %s", path);
	close(fd);
}

/* Documentation/fault-injection/fault-injection.rst */
static void let_all_allocations_fail(void)
{
	set("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	set("/sys/kernel/debug/failslab/verbose", "0");
	set("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	set("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
	set("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	set("/sys/kernel/debug/fail_page_alloc/verbose", "0");
}

static void fail_nth(int file, int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(file, text, length, 0) != length)
		bail_out("write fail-nth");
}

/* True when the failure that was asked for has happened; none is due then. */
static bool has_failed(int file)
{
	char text[16] = "";

	if (pread(file, text, sizeof(text) - 1, 0) <= 0)
		bail_out("read fail-nth");
	fail_nth(file, 0);
	return atoi(text) == 0;
}

/* False when the call has less than @nth allocations. */
static bool fail_one(const struct load_mode *mode, const char *path, bool direct, int file, int nth)
{
	struct dmabuf_lab_read load = prepare_load(mode, path, direct, FILE_BYTES, GATHER_BYTES);
	int buffer = load.dmabuf_fd;
	int descriptors = open_descriptors();
	bool failed;
	int err;

	drop_from_cache(path);
	fail_nth(file, nth);
	err = run_load(mode, &load);
	failed = has_failed(file);
	if (err && err != -ENOMEM)
		report(false, mode->name, "allocation %d: %s", nth, strerror(-err));
	if (err && (load.dmabuf_fd != buffer || open_descriptors() != descriptors))
		report(false, mode->name, "allocation %d: a descriptor", nth);
	if (!err && first_wrong_byte(load.dmabuf_fd, 0, 0, FILE_BYTES) >= 0)
		report(false, mode->name, "allocation %d: wrong bytes", nth);
	end_load(&load);
	return failed;
}

static void fail_each(const struct load_mode *mode, const char *path, bool direct, int file)
{
	char name[128];
	int nth = 1;

	while (nth <= MOST_ALLOCATIONS && fail_one(mode, path, direct, file, nth))
		nth++;
	snprintf(name, sizeof(name), "every allocation fails once, %s, %s", mode->name, direct ? "direct" : "buffered");
	note("%s: %d allocations", name, nth - 1);
	report(nth > 1 && nth <= MOST_ALLOCATIONS, name, "%d allocations", nth - 1);
}

void test_allocation_failure(const char *folder)
{
	struct counters before, after;
	char path[4096];
	int file;

	let_all_allocations_fail();
	file = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (file < 0)
		bail_out("open fail-nth");
	snprintf(path, sizeof(path), "%s/failing.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	wrapfd_device();
	before = read_counters();
	for (size_t i = 0; i < NR_LOAD_MODES; i++) {
		fail_each(&load_modes[i], path, false, file);
		fail_each(&load_modes[i], path, true, file);
	}
	after = read_counters();
	note_counters("before", &before);
	note_counters("after", &after);
	report(after.dma_bufs == before.dma_bufs && !after.reader_threads &&
		       after.module_references == before.module_references &&
		       before.free_pages - after.free_pages < slack_pages(),
	       "nothing is left after failed allocations", "%ld dma-bufs, %ld threads, %ld references, %ld pages",
	       after.dma_bufs - before.dma_bufs, after.reader_threads,
	       after.module_references - before.module_references, before.free_pages - after.free_pages);
	close(file);
	unlink(path);
}
