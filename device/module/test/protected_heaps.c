// SPDX-License-Identifier: GPL-2.0
/*
 * The heaps of dmabuf_lab_heaps: what a process may not do with their buffers, what a device may, and how much there is.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "loads.h"
#include "report.h"
#include "wrapfd_calls.h"

#define STATES "/sys/kernel/debug/dmabuf_lab_heaps"
#define BUFFER_BYTES MIB(1)
#define PIECE_BYTES MIB(4)
#define MAX_PIECES 256

struct heap_state {
	uint64_t total_bytes;
	uint64_t left_bytes;
	unsigned int buffers;
	bool reserved;
};

static struct heap_state state_of(const char *heap)
{
	FILE *file = fopen(STATES, "r");
	struct heap_state state;
	char line[256], name[64], word[16];
	bool found = false;

	if (!file)
		bail_out("open %s: the module dmabuf_lab_heaps is not loaded", STATES);
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%63s total_bytes %" SCNu64 " left_bytes %" SCNu64 " buffers %u %15s", name,
			       &state.total_bytes, &state.left_bytes, &state.buffers, word) == 5 &&
			!strcmp(name, heap);
	fclose(file);
	if (!found)
		bail_out("no %s in %s", heap, STATES);
	state.reserved = !strcmp(word, "reserved");
	return state;
}

/* A descriptor, or a negative errno. */
static int allocate(int heap, uint64_t bytes)
{
	struct dma_heap_allocation_data request = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };

	return ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request) ? -errno : (int)request.fd;
}

static void check(bool ok, const char *heap, const char *what, int err)
{
	char name[160];

	snprintf(name, sizeof(name), "%s: %s", heap, what);
	report(ok, name, "%s", strerror(err));
}

static int map_error(int buffer, int protection)
{
	void *address = mmap(NULL, BUFFER_BYTES, protection, MAP_SHARED, buffer, 0);

	if (address == MAP_FAILED)
		return errno;
	munmap(address, BUFFER_BYTES);
	return 0;
}

static int sync_error(int buffer, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(buffer, DMA_BUF_IOCTL_SYNC, &sync) ? errno : 0;
}

static void test_refused(const char *heap, int buffer, const char *path)
{
	struct dmabuf_lab_read load = { .file_fd = open_file(path, true), .bytes = BUFFER_BYTES, .dmabuf_fd = buffer };
	struct wrapfd_part whole = { .file_fd = load.file_fd, .len = BUFFER_BYTES };
	int err;

	err = map_error(buffer, PROT_READ);
	check(err == EPERM, heap, "mmap for reading is EPERM", err);
	err = map_error(buffer, PROT_READ | PROT_WRITE);
	check(err == EPERM, heap, "mmap for writing is EPERM", err);
	err = sync_error(buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
	check(err == EPERM, heap, "the begin of CPU access is EPERM", err);
	err = sync_error(buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	check(err == EPERM, heap, "the end of CPU access is EPERM", err);
	err = -read_into(&load);
	check(err == EOPNOTSUPP, heap, "there is no kernel mapping (vmap): EOPNOTSUPP", err);
	err = -wrapfd_load_once(buffer, whole);
	check(err == EPERM, heap, "a load through a wrapfd is EPERM", err);
	close(load.file_fd);
}

static void test_device(const char *heap, int buffer)
{
	struct dmabuf_lab_import import = { .dmabuf_fd = buffer };
	int err = ioctl(lab_device(), DMABUF_LAB_IOC_IMPORT, &import) ? errno : 0;

	check(!err && import.segments == 1 && import.longest_segment_bytes == BUFFER_BYTES, heap,
	      "a device attaches and maps all of it in one piece", err);
}

static void test_buffer(const char *name, int heap, const char *path)
{
	int buffer = allocate(heap, BUFFER_BYTES);

	check(buffer >= 0, name, "gives a buffer", -buffer);
	if (buffer < 0)
		return;
	check(lseek(buffer, 0, SEEK_END) == (off_t)BUFFER_BYTES, name, "its size is told", 0);
	check(state_of(name).left_bytes == state_of(name).total_bytes - BUFFER_BYTES, name, "what is left is told", 0);
	check(state_of(name).reserved, name, "memory is reserved while there is a buffer", 0);
	test_refused(name, buffer, path);
	test_device(name, buffer);
	close(buffer);
}

static void test_exhaustion(const char *name, int heap)
{
	struct heap_state before = state_of(name), full;
	int pieces[MAX_PIECES], count = 0, err;

	while (count < MAX_PIECES && (pieces[count] = allocate(heap, PIECE_BYTES)) >= 0)
		count++;
	err = count < MAX_PIECES ? -pieces[count] : 0;
	full = state_of(name);
	check(err == ENOMEM && (uint64_t)count == before.total_bytes / PIECE_BYTES, name,
	      "buffers up to its size, and then ENOMEM", err);
	check(full.left_bytes < PIECE_BYTES && full.buffers == (unsigned int)count, name, "says that nothing is left",
	      0);
	while (count > 0)
		close(pieces[--count]);
	err = -allocate(heap, before.total_bytes + PIECE_BYTES);
	check(err == ENOMEM, name, "more than its size is ENOMEM", err);
}

static int64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void note_latency(const char *name, int heap)
{
	int64_t begin = nanoseconds(), first_end, next_end;
	int first = allocate(heap, BUFFER_BYTES), next;

	first_end = nanoseconds();
	next = allocate(heap, BUFFER_BYTES);
	next_end = nanoseconds();
	if (first < 0 || next < 0)
		bail_out("two buffers of %s", name);
	note("%s: the first buffer took %" PRId64 " us, the next %" PRId64 " us", name, (first_end - begin) / 1000,
	     (next_end - first_end) / 1000);
	close(next);
	close(first);
}

static void test_heap(const char *name, bool stays_reserved, const char *path)
{
	char node[128];
	int heap;

	snprintf(node, sizeof(node), "/dev/dma_heap/%s", name);
	heap = open(node, O_RDONLY | O_CLOEXEC);
	if (heap < 0)
		bail_out("open %s: %m", node);
	check(state_of(name).reserved == stays_reserved, name, "is reserved before its first buffer as it should be",
	      0);
	test_buffer(name, heap, path);
	test_exhaustion(name, heap);
	note_latency(name, heap);
	check(state_of(name).left_bytes == state_of(name).total_bytes && !state_of(name).buffers, name,
	      "has everything back at the end", 0);
	check(state_of(name).reserved == stays_reserved, name, "and keeps no more than before", 0);
	close(heap);
}

void test_protected_heaps(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/protected.bin", folder);
	write_pattern_file(path, BUFFER_BYTES);
	test_heap("restricted_lab_cm", true, path);
	test_heap("restricted_lab_cma", false, path);
	unlink(path);
}
