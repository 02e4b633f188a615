// SPDX-License-Identifier: GPL-2.0
/*
 * What the module must refuse, with which error, and without a new descriptor.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"

#define FILE_BYTES MIB(1)

typedef int (*load_call)(struct dmabuf_lab_read *load);

static void expect(const char *name, load_call call, struct dmabuf_lab_read load, int error)
{
	int before = open_descriptors();
	int err = call(&load);
	int after = open_descriptors();

	if (err != -error)
		report(false, name, "%s, expected %s", strerror(-err), strerror(error));
	else
		report(before == after, name, "%d descriptors more", after - before);
}

static void test_arguments(struct dmabuf_lab_read good)
{
	struct dmabuf_lab_read load = good;
	struct dmabuf_lab_info info;

	if (ioctl(lab_device(), DMABUF_LAB_IOC_INFO, &info))
		bail_out("DMABUF_LAB_IOC_INFO");
	report(info.abi_version == DMABUF_LAB_ABI_VERSION && info.max_readers && info.max_bytes, "info", "version %u",
	       info.abi_version);

	load.bytes = 0;
	expect("no bytes", alloc_and_read, load, EINVAL);
	load.bytes = FILE_BYTES + 1;
	expect("more bytes than the file has", alloc_and_read, load, ENODATA);
	load.bytes = info.max_bytes + 1;
	expect("more bytes than the limit", alloc_and_read, load, EFBIG);
	load.bytes = UINT64_MAX;
	expect("all bytes there are", alloc_and_read, load, EFBIG);

	load = good;
	load.flags = 0x4;
	expect("an unknown flag", alloc_and_read, load, EINVAL);
	load.flags = 0x80000000;
	expect("the last unknown flag", read_into, load, EINVAL);
	load.flags = DMABUF_LAB_PIPE;
	expect("a pipe into a new buffer", alloc_and_read, load, EINVAL);
	load.flags = DMABUF_LAB_PIPE | DMABUF_LAB_ASYNC;
	load.readers = 1;
	expect("an async pipe", read_into, load, EINVAL);

	for (size_t i = 0; i < sizeof(good.reserved) / sizeof(__u64); i++) {
		load = good;
		load.reserved[i] = 1;
		expect("a reserved field", alloc_and_read, load, EINVAL);
	}
	load = good;
	load.file_offset = 512;
	expect("an offset inside a page", alloc_and_read, load, EINVAL);
	load.file_offset = UINT64_MAX - page_bytes() + 1;
	expect("an offset beyond all files", alloc_and_read, load, EINVAL);
	load.file_offset = FILE_BYTES;
	expect("an offset at the end", alloc_and_read, load, ENODATA);
	load = good;
	load.buffer_offset = page_bytes();
	expect("an offset in a new buffer", alloc_and_read, load, EINVAL);
}

static void test_gathers(struct dmabuf_lab_read good)
{
	struct dmabuf_lab_info info;
	struct dmabuf_lab_read load = good;

	if (ioctl(lab_device(), DMABUF_LAB_IOC_INFO, &info))
		bail_out("DMABUF_LAB_IOC_INFO");
	load.readers = 1;
	expect("a reader without async", alloc_and_read, load, EINVAL);
	load = good;
	load.gather_bytes = MIB(1);
	expect("a gather without async", alloc_and_read, load, EINVAL);
	load = good;
	load.flags = DMABUF_LAB_ASYNC;
	expect("async without a reader", alloc_and_read, load, EINVAL);
	load.readers = info.max_readers + 1;
	expect("too many readers", alloc_and_read, load, EINVAL);
	load.readers = 1;
	load.gather_bytes = info.min_gather_bytes - page_bytes();
	expect("a gather too small", alloc_and_read, load, EINVAL);
	load.gather_bytes = info.min_gather_bytes + 1;
	expect("a gather of part of a page", alloc_and_read, load, EINVAL);
	load.gather_bytes = info.max_gather_bytes + page_bytes();
	expect("a gather too large", alloc_and_read, load, EINVAL);
	load.gather_bytes = UINT64_MAX - page_bytes() + 1;
	expect("the largest gather there is", alloc_and_read, load, EINVAL);
}

static void expect_file(const char *name, struct dmabuf_lab_read load, int fd, int error)
{
	load.file_fd = fd;
	expect(name, alloc_and_read, load, error);
	if (fd >= 0)
		close(fd);
}

static void test_files(struct dmabuf_lab_read good, const char *folder, const char *path)
{
	int ends[2];

	expect_file("no descriptor", good, -1, EBADF);
	expect_file("a closed descriptor", good, 999, EBADF);
	expect_file("a file open for writing", good, open(path, O_WRONLY | O_CLOEXEC), EBADF);
	expect_file("a path", good, open(path, O_PATH | O_CLOEXEC), EBADF);
	expect_file("a folder", good, open(folder, O_RDONLY | O_CLOEXEC), EINVAL);
	expect_file("a device", good, open("/dev/zero", O_RDONLY | O_CLOEXEC), EINVAL);
	if (pipe2(ends, O_CLOEXEC))
		bail_out("pipe");
	expect_file("a pipe", good, ends[0], EINVAL);
	close(ends[1]);
	expect_file("a socket", good, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), EINVAL);
	expect_file("a file of procfs", good, open("/proc/self/maps", O_RDONLY | O_CLOEXEC), EINVAL);
}

static void test_buffers(struct dmabuf_lab_read good)
{
	struct dmabuf_lab_read load = good;

	load.dmabuf_fd = -1;
	expect("no buffer", read_into, load, EBADF);
	load.dmabuf_fd = good.file_fd;
	expect("a buffer that is a file", read_into, load, EINVAL);

	load.dmabuf_fd = heap_buffer(FILE_BYTES - page_bytes());
	expect("a buffer too small", read_into, load, EINVAL);
	close(load.dmabuf_fd);
	load.dmabuf_fd = heap_buffer(FILE_BYTES);
	load.buffer_offset = page_bytes();
	expect("an offset that leaves too little", read_into, load, EINVAL);
	load.buffer_offset = FILE_BYTES + page_bytes();
	expect("an offset beyond the buffer", read_into, load, EINVAL);
	load.buffer_offset = 512;
	expect("a buffer offset inside a page", read_into, load, EINVAL);
	close(load.dmabuf_fd);

	/* A heap gives the access that was asked for. */
	load = good;
	load.dmabuf_fd = heap_buffer_read_only(FILE_BYTES);
	expect("a buffer open for reading only", read_into, load, EBADF);
	close(load.dmabuf_fd);
}

static void test_addresses(struct dmabuf_lab_read good)
{
	struct dmabuf_lab_read load = good;
	int before = open_descriptors();

	load.gathers = 8;
	load.gathers_capacity = 1;
	expect("timings at a bad address", alloc_and_read, load, EFAULT);
	load.gathers = UINT64_MAX;
	expect("timings at the last address", alloc_and_read, load, EFAULT);
	load.gathers_capacity = 0;
	expect("timings without room", alloc_and_read, load, EINVAL);
	load.gathers = 0;
	load.gathers_capacity = 1;
	expect("room without an address", alloc_and_read, load, EINVAL);

	report(ioctl(lab_device(), DMABUF_LAB_IOC_ALLOC_AND_READ, 8) && errno == EFAULT, "arguments at a bad address",
	       "errno %d", errno);
	report(ioctl(lab_device(), _IO(DMABUF_LAB_IOC_MAGIC, 0x7f), 0) && errno == ENOTTY, "an unknown ioctl",
	       "errno %d", errno);
	report(open_descriptors() == before, "no descriptor was left", "%d more", open_descriptors() - before);
}

/* The answer cannot be written: nothing may be installed. */
static void test_read_only_arguments(struct dmabuf_lab_read good)
{
	struct dmabuf_lab_read *load;
	int before, err;

	load = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (load == MAP_FAILED)
		bail_out("mmap");
	*load = good;
	mprotect(load, 4096, PROT_READ);
	before = open_descriptors();
	err = alloc_and_read(load);
	report(err == -EFAULT && open_descriptors() == before, "arguments that cannot be written",
	       "%s, %d descriptors more", strerror(-err), open_descriptors() - before);
	munmap(load, 4096);
}

static void test_descriptor_limit(struct dmabuf_lab_read good)
{
	struct rlimit old, none;
	int err;

	getrlimit(RLIMIT_NOFILE, &old);
	none = old;
	/* Descriptors are given lowest first: all below this one are taken. */
	none.rlim_cur = dup(good.file_fd);
	close(none.rlim_cur);
	setrlimit(RLIMIT_NOFILE, &none);
	err = alloc_and_read(&good);
	setrlimit(RLIMIT_NOFILE, &old);
	report(err == -EMFILE, "no descriptor left", "%s", strerror(-err));
}

static void test_permission(void)
{
	struct stat node;
	int status;
	pid_t child;

	if (stat(DMABUF_LAB_DEVICE, &node))
		bail_out("stat %s", DMABUF_LAB_DEVICE);
	report((node.st_mode & 07777) == 0600 && !node.st_uid, "only root may open the device", "mode %o",
	       node.st_mode);
	child = fork();
	if (!child) {
		if (setuid(65534))
			_exit(3);
		_exit(open(DMABUF_LAB_DEVICE, O_RDWR) < 0 && errno == EACCES ? 0 : 1);
	}
	waitpid(child, &status, 0);
	report(!status, "another user is refused", "status %d", status);
}

/* A file that becomes shorter while it is read: an error, never a buffer. */
static void *truncate_soon(void *path)
{
	usleep(3000);
	if (truncate(path, KIB(4)))
		bail_out("truncate");
	return NULL;
}

static void test_truncation(const char *folder)
{
	struct dmabuf_lab_read load = { .bytes = MIB(24) };
	int refused = 0, complete = 0, other = 0;
	char path[4096];

	snprintf(path, sizeof(path), "%s/truncated.bin", folder);
	for (int round = 0; round < 8; round++) {
		pthread_t thread;
		int err;

		write_long_file(path, load.bytes);
		load.file_fd = open_file(path, round & 1);
		load.flags = round & 2 ? DMABUF_LAB_ASYNC : 0;
		load.readers = round & 2 ? 2 : 0;
		load.gather_bytes = round & 2 ? MIB(4) : 0;
		pthread_create(&thread, NULL, truncate_soon, path);
		err = alloc_and_read(&load);
		pthread_join(thread, NULL);
		refused += err == -ENODATA;
		complete += !err;
		other += err && err != -ENODATA;
		if (!err)
			close(load.dmabuf_fd);
		close(load.file_fd);
	}
	unlink(path);
	note("truncated while read: %d refused, %d were read before", refused, complete);
	report(refused && !other, "a file that becomes shorter", "%d refused, %d other errors", refused, other);
}

static void write_min_free(uint64_t kib)
{
	FILE *file = fopen("/proc/sys/vm/min_free_kbytes", "w");

	if (!file || fprintf(file, "%" PRIu64 "\n", kib) < 0 || fclose(file))
		bail_out("keep %" PRIu64 " KiB free", kib);
}

/*
 * Leaves @left_kib of the free memory to callers, and lets the kernel keep the rest: to give a caller all of it would be
 * seconds of zeroing under emulation. Returns what the kernel kept before.
 */
static uint64_t keep_memory_free(uint64_t left_kib)
{
	uint64_t free_kib = 0, kept_kib = 0;
	FILE *memory = fopen("/proc/meminfo", "r");
	FILE *kept = fopen("/proc/sys/vm/min_free_kbytes", "r");
	char line[512];

	if (!memory || !kept || fscanf(kept, "%" SCNu64, &kept_kib) != 1)
		bail_out("read how much memory is free");
	while (!free_kib && fgets(line, sizeof(line), memory))
		sscanf(line, "MemFree: %" SCNu64, &free_kib);
	fclose(memory);
	fclose(kept);
	if (free_kib > left_kib)
		write_min_free(free_kib - left_kib);
	return kept_kib;
}

/* More than there is memory: every gather that was allocated is freed. */
static void test_memory(const char *folder)
{
	struct dmabuf_lab_read load = {
		.flags = DMABUF_LAB_ASYNC,
		.readers = 1,
		.gather_bytes = MIB(64),
	};
	struct counters before, after;
	struct dmabuf_lab_info info;
	uint64_t kept_kib;
	char path[4096];

	if (ioctl(lab_device(), DMABUF_LAB_IOC_INFO, &info))
		bail_out("DMABUF_LAB_IOC_INFO");
	snprintf(path, sizeof(path), "%s/sparse.bin", folder);
	load.bytes = info.max_bytes / 3 * 4 + MIB(64);
	load.file_fd = open(path, O_RDWR | O_CREAT | O_DIRECT | O_CLOEXEC, 0600);
	if (load.file_fd < 0 || ftruncate(load.file_fd, load.bytes))
		bail_out("create %s", path);
	set_module_limit("max_mib", load.bytes / MIB(1) + 1);
	set_module_limit("max_total_mib", load.bytes / MIB(1) + 1);
	kept_kib = keep_memory_free(MIB(256) / KIB(1));
	before = read_counters();
	expect("more than there is memory", alloc_and_read, load, ENOMEM);
	after = read_counters();
	report(before.free_pages - after.free_pages < slack_pages(), "all of it is free again", "%ld pages less",
	       before.free_pages - after.free_pages);
	write_min_free(kept_kib);
	set_module_limit("max_mib", 0);
	set_module_limit("max_total_mib", 0);
	close(load.file_fd);
	unlink(path);
}

/* A good call with a few of its words replaced, often by what is at an edge. */
static struct dmabuf_lab_read spoil(struct dmabuf_lab_read load, unsigned int *seed)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 4095, 4096, 65536, MIB(1), INT32_MAX, UINT32_MAX,
	};
	uint32_t words[sizeof(load) / sizeof(uint32_t)];
	size_t count = sizeof(words) / sizeof(*words);
	size_t address = offsetof(struct dmabuf_lab_read, gathers) / 4;

	memcpy(words, &load, sizeof(load));
	for (int changes = 1 + rand_r(seed) % 3; changes; changes--) {
		size_t word = rand_r(seed) % count;
		size_t edge = rand_r(seed) % (sizeof(edges) / sizeof(*edges));

		/* A random address may be one of this program's own. */
		if (word != address && word != address + 1)
			words[word] = rand_r(seed) % 4 ? edges[edge] : (uint32_t)rand_r(seed);
	}
	memcpy(&load, words, sizeof(load));
	return load;
}

static void test_random_calls(struct dmabuf_lab_read good, int calls)
{
	struct counters before, after;
	int descriptors = open_descriptors();
	int accepted = 0;
	unsigned int seed = 1;

	good.dmabuf_fd = heap_buffer(FILE_BYTES);
	good.flags = DMABUF_LAB_ASYNC;
	good.readers = 2;
	good.gather_bytes = KIB(128);
	before = read_counters();
	for (int call = 0; call < calls; call++) {
		struct dmabuf_lab_read load = spoil(good, &seed);
		bool into = call & 1;

		if (into ? read_into(&load) : alloc_and_read(&load))
			continue;
		accepted++;
		if (!into)
			close(load.dmabuf_fd);
	}
	after = read_counters();
	close(good.dmabuf_fd);
	note("%d random calls, %d accepted", calls, accepted);
	report(accepted && accepted < calls && open_descriptors() == descriptors && after.dma_bufs == before.dma_bufs &&
		       !after.reader_threads && before.free_pages - after.free_pages < slack_pages(),
	       "random calls leave nothing behind", "%d accepted, %d descriptors, %ld dma-bufs, %ld pages", accepted,
	       open_descriptors() - descriptors, after.dma_bufs - before.dma_bufs,
	       before.free_pages - after.free_pages);
}

void test_refusals(const char *folder, int random_calls)
{
	struct dmabuf_lab_read good = { .bytes = FILE_BYTES };
	char path[4096];

	snprintf(path, sizeof(path), "%s/refusals.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	good.file_fd = open_file(path, false);
	lab_device();
	test_arguments(good);
	test_gathers(good);
	test_files(good, folder, path);
	test_buffers(good);
	test_addresses(good);
	test_read_only_arguments(good);
	test_descriptor_limit(good);
	test_permission();
	test_random_calls(good, random_calls);
	test_truncation(folder);
	test_memory(folder);
	close(good.file_fd);
	unlink(path);
}
