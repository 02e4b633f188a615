// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of wrapfd, each with its errno, in both layouts.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"
#include "wrapfd_calls.h"

#define FILE_BYTES (MIB(3) + 777)
#define SLOW_BYTES MIB(64)
#define BOTH (PROT_READ | PROT_WRITE)

static void expect(const char *name, int got, int expected)
{
	report(got == expected, name, "%d (%s), expected %d", got, got < 0 ? strerror(-got) : "no error", expected);
}

/* A wrapfd of a new heap buffer, owned by this process. */
static int own_new(uint64_t bytes, uint32_t prot)
{
	int buffer = heap_buffer(bytes);
	int fd = wrapfd_wrap(buffer, prot);

	if (fd < 0 || wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE))
		bail_out("own a new wrapfd");
	close(buffer);
	return fd;
}

static void *map(int fd, uint64_t bytes, int prot)
{
	return mmap(NULL, bytes, prot, MAP_SHARED, fd, 0);
}

/* -errno of a mapping that must fail, or 0 where it does not. */
static int map_error(int fd, uint64_t bytes, int prot)
{
	void *at = map(fd, bytes, prot);

	if (at == MAP_FAILED)
		return -errno;
	munmap(at, bytes);
	return 0;
}

static void test_wrap(const char *path)
{
	int buffer = heap_buffer(FILE_BYTES);
	int read_only = heap_buffer_read_only(FILE_BYTES);
	int file = open_file(path, false);
	struct lab_wrapfd_wrap wrap = { .fd = buffer, .prot = PROT_READ, .reserved = 1 };
	struct lab_wrapfd_wrap_earlier earlier = { .fd = buffer, .prot = BOTH };
	struct stat status;
	int fd;

	expect("wrap: no descriptor", wrapfd_wrap(999, PROT_READ), -EBADF);
	expect("wrap: a file", wrapfd_wrap(file, PROT_READ), -EINVAL);
	expect("wrap: an unknown right", wrapfd_wrap(buffer, PROT_READ | PROT_EXEC), -EINVAL);
	expect("wrap: for writing what is open for reading", wrapfd_wrap(read_only, BOTH), -EACCES);
	expect("wrap: a reserved field", ioctl(wrapfd_device(), LAB_WRAPFD_IOC_WRAP, &wrap) ? -errno : 0, -EINVAL);
	expect("wrap: a bad address", ioctl(wrapfd_device(), LAB_WRAPFD_IOC_WRAP, 8) ? -errno : 0, -EFAULT);
	expect("device: an unknown request", wrapfd_ask(wrapfd_device(), LAB_WRAPFD_IOC_ACQUIRE), -ENOTTY);

	fd = ioctl(wrapfd_device(), LAB_WRAPFD_IOC_WRAP, &earlier);
	expect("wrap, earlier layout", wrapfd_state(fd), LAB_WRAPFD_READ_WRITE);
	close(fd);
	fd = wrapfd_wrap(buffer, PROT_READ);
	expect("wrap for reading", wrapfd_state(fd), LAB_WRAPFD_READ_ONLY);
	report(!fstat(fd, &status) && (uint64_t)status.st_size == page_align(FILE_BYTES), "fstat tells the size",
	       "%lld", (long long)status.st_size);
	report(lseek(fd, 0, SEEK_END) == (off_t)page_align(FILE_BYTES), "lseek tells the size", "%m");
	expect("map for writing what was wrapped for reading", map_error(fd, FILE_BYTES, BOTH), -EACCES);
	expect("map for reading", map_error(fd, FILE_BYTES, PROT_READ), 0);
	close(fd);
	close(file);
	close(read_only);
	close(buffer);
}

static void test_states(void)
{
	int buffer = heap_buffer(FILE_BYTES);
	struct lab_wrapfd_state_earlier earlier = { .fd = wrapfd_wrap(buffer, BOTH) };
	struct lab_wrapfd_state state = { .pad = 1 };

	expect("state: of no wrapfd", wrapfd_state(buffer), -ENOTTY);
	expect("state: a field that is not zero", ioctl((int)earlier.fd, LAB_WRAPFD_IOC_STATE, &state) ? -errno : 0,
	       -EINVAL);
	expect("state, earlier layout", ioctl(wrapfd_device(), LAB_WRAPFD_IOC_STATE_EARLIER, &earlier), 0);
	report(earlier.state == LAB_WRAPFD_READ_WRITE, "state, earlier layout, of one for writing", "%llu",
	       (unsigned long long)earlier.state);
	close((int)earlier.fd);
	earlier.fd = buffer;
	expect("state, earlier layout, of no wrapfd",
	       ioctl(wrapfd_device(), LAB_WRAPFD_IOC_STATE_EARLIER, &earlier) ? -errno : 0, -ENOTTY);
	close(buffer);
}

static void test_ownership(void)
{
	int buffer = heap_buffer(FILE_BYTES);
	int fd = wrapfd_wrap(buffer, BOTH);
	void *at = map(fd, FILE_BYTES, PROT_READ);

	expect("own while it is mapped", wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE), -EINVAL);
	munmap(at, FILE_BYTES);
	expect("release without ownership", wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE), -EBUSY);
	expect("empty without ownership", wrapfd_ask(fd, LAB_WRAPFD_IOC_EMPTY), -EBUSY);
	expect("rewrap without ownership", wrapfd_rewrap(fd, BOTH), -EBUSY);
	expect("guests without ownership", wrapfd_ask(fd, LAB_WRAPFD_IOC_ALLOW_GUESTS), -EBUSY);
	expect("own", wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE), 0);
	expect("own again", wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE), 0);
	at = map(fd, FILE_BYTES, BOTH);
	expect("release while it is mapped", wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE), -EINVAL);
	expect("empty while it is mapped", wrapfd_ask(fd, LAB_WRAPFD_IOC_EMPTY), -EINVAL);
	expect("rewrap while it is mapped", wrapfd_rewrap(fd, BOTH), -EINVAL);
	expect("guests while it is mapped", wrapfd_ask(fd, LAB_WRAPFD_IOC_ALLOW_GUESTS), -EINVAL);
	munmap(at, FILE_BYTES);
	expect("guests", wrapfd_ask(fd, LAB_WRAPFD_IOC_ALLOW_GUESTS), 0);
	expect("no guests", wrapfd_ask(fd, LAB_WRAPFD_IOC_PROHIBIT_GUESTS), 0);
	expect("release", wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE), 0);
	close(fd);
	close(buffer);
}

/* What a child's check returns, as an errno. */
static int in_child(int (*check)(int fd), int fd)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(-check(fd));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static int acquire(int fd)
{
	return wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE);
}

static int map_it(int fd)
{
	return map_error(fd, FILE_BYTES, PROT_READ);
}

static int sync_it(int fd)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) ? -errno : 0;
}

static void test_others(void)
{
	int fd = own_new(FILE_BYTES, BOTH);
	void *at;

	expect("another process owns what is owned", in_child(acquire, fd), -EBUSY);
	expect("another process maps what is owned", in_child(map_it, fd), -EBUSY);
	expect("another process asks the dma-buf", in_child(sync_it, fd), -EBUSY);
	wrapfd_ask(fd, LAB_WRAPFD_IOC_ALLOW_GUESTS);
	expect("a guest maps", in_child(map_it, fd), 0);
	expect("a guest asks the dma-buf", in_child(sync_it, fd), 0);
	expect("the owner asks the dma-buf", sync_it(fd), 0);
	wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE);
	expect("a child owns and ends", in_child(acquire, fd), 0);
	expect("what a dead process owned is free", wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE), 0);

	/* A fork, a split and a move each count. */
	at = map(fd, FILE_BYTES, BOTH);
	munmap((char *)at + page_bytes(), page_bytes());
	expect("release while the ends of a mapping are left", wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE), -EINVAL);
	munmap(at, page_bytes());
	at = mremap((char *)at + 2 * page_bytes(), page_align(FILE_BYTES) - 2 * page_bytes(), MIB(1), MREMAP_MAYMOVE);
	report(at != MAP_FAILED, "mremap", "%m");
	expect("release while it is mapped elsewhere", wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE), -EINVAL);
	munmap(at, MIB(1));
	expect("release when all is unmapped", wrapfd_ask(fd, LAB_WRAPFD_IOC_RELEASE), 0);
	close(fd);
}

static void test_rewrap(void)
{
	int buffer = heap_buffer_read_only(FILE_BYTES);
	int read_only = wrapfd_wrap(buffer, PROT_READ);
	int fd = own_new(FILE_BYTES, PROT_READ);
	struct lab_wrapfd_rewrap rewrap = { .prot = BOTH, .pad = 1 };
	struct lab_wrapfd_rewrap_earlier earlier = { .prot = PROT_READ };
	int second, third;

	wrapfd_ask(read_only, LAB_WRAPFD_IOC_ACQUIRE);
	expect("rewrap for writing what is open for reading", wrapfd_rewrap(read_only, BOTH), -EACCES);
	expect("the content stays", wrapfd_state(read_only), LAB_WRAPFD_READ_ONLY);
	expect("rewrap: an unknown right", wrapfd_rewrap(fd, PROT_EXEC), -EINVAL);
	expect("rewrap: a field that is not zero", ioctl(fd, LAB_WRAPFD_IOC_REWRAP, &rewrap) ? -errno : 0, -EINVAL);
	second = wrapfd_rewrap(fd, BOTH);
	expect("rewrap", wrapfd_state(second), LAB_WRAPFD_READ_WRITE);
	expect("the old one is empty", wrapfd_state(fd), LAB_WRAPFD_EMPTY);
	expect("map an empty one", map_error(fd, FILE_BYTES, PROT_READ), -ENOENT);
	expect("rewrap an empty one", wrapfd_rewrap(fd, BOTH), -ENOENT);
	expect("ask an empty one for the dma-buf", sync_it(fd), -ENOENT);
	expect("a new one has no owner", wrapfd_rewrap(second, BOTH), -EBUSY);
	wrapfd_ask(second, LAB_WRAPFD_IOC_ACQUIRE);
	third = ioctl(second, LAB_WRAPFD_IOC_REWRAP_EARLIER, &earlier);
	expect("rewrap, earlier layout", wrapfd_state(third), LAB_WRAPFD_READ_ONLY);
	wrapfd_ask(third, LAB_WRAPFD_IOC_ACQUIRE);
	expect("empty", wrapfd_ask(third, LAB_WRAPFD_IOC_EMPTY), 0);
	expect("own an empty one again", wrapfd_ask(third, LAB_WRAPFD_IOC_ACQUIRE), 0);
	expect("release an empty one", wrapfd_ask(third, LAB_WRAPFD_IOC_RELEASE), 0);
	expect("own an empty one", wrapfd_ask(third, LAB_WRAPFD_IOC_ACQUIRE), -ENOENT);
	close(third);
	close(second);
	close(fd);
	close(read_only);
	close(buffer);
}

static void test_close_on_exec(bool closes)
{
	int buffer = heap_buffer(FILE_BYTES);
	int fd, again;

	fcntl(buffer, F_SETFD, closes ? FD_CLOEXEC : 0);
	fd = wrapfd_wrap(buffer, BOTH);
	wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE);
	again = wrapfd_rewrap(fd, BOTH);
	report(fcntl(fd, F_GETFD) == closes && fcntl(again, F_GETFD) == closes,
	       closes ? "close-on-exec is inherited" : "its absence is inherited", "%d and %d", fcntl(fd, F_GETFD),
	       fcntl(again, F_GETFD));
	close(again);
	close(fd);
	close(buffer);
}

static void test_load_refusals(const char *path)
{
	struct wrapfd_part good = { .file_fd = open_file(path, false), .len = FILE_BYTES };
	struct wrapfd_part part = good;
	struct lab_wrapfd_load load = { .fd = good.file_fd, .len = 4096, .reserved = 1 };
	int buffer = heap_buffer(FILE_BYTES);
	int unowned = wrapfd_wrap(buffer, BOTH);
	int read_only = own_new(FILE_BYTES, PROT_READ);
	int fd = own_new(FILE_BYTES, BOTH);
	void *at;

	expect("load without ownership", wrapfd_load(unowned, good), -EBUSY);
	expect("load into one for reading", wrapfd_load(read_only, good), -EACCES);
	at = map(fd, FILE_BYTES, PROT_READ);
	expect("load while it is mapped", wrapfd_load(fd, good), -EINVAL);
	munmap(at, FILE_BYTES);
	expect("load: a reserved field", ioctl(fd, LAB_WRAPFD_IOC_LOAD, &load) ? -errno : 0, -EINVAL);
	load.reserved = 0;
	load.pad = 1;
	expect("load: padding", ioctl(fd, LAB_WRAPFD_IOC_LOAD, &load) ? -errno : 0, -EINVAL);
	part.file_offs = 512;
	part.len = 4096;
	expect("load: a file offset inside a page", wrapfd_load(fd, part), -EINVAL);
	part = good;
	part.buf_offs = 512;
	part.len = 4096;
	expect("load: a buffer offset inside a page", wrapfd_load(fd, part), -EINVAL);
	part.buf_offs = page_align(FILE_BYTES);
	expect("load: beyond the buffer", wrapfd_load(fd, part), -EINVAL);
	part = good;
	part.len = FILE_BYTES + 1;
	expect("load: beyond the file", wrapfd_load(fd, part), -EINVAL);
	part.len = UINT64_MAX;
	expect("load: all bytes there are", wrapfd_load(fd, part), -EINVAL);
	part = good;
	part.file_offs = INT64_MAX & ~4095ULL;
	expect("load: an offset beyond all files", wrapfd_load(fd, part), -EINVAL);
	part = good;
	part.file_fd = 999;
	expect("load: no file", wrapfd_load(fd, part), -EBADF);
	part.file_fd = open(path, O_WRONLY | O_CLOEXEC);
	expect("load: a file open for writing", wrapfd_load(fd, part), -EBADF);
	close(part.file_fd);
	part.file_fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	expect("load: a file without O_DIRECT", wrapfd_load(fd, part), -EINVAL);
	close(part.file_fd);
	wrapfd_ask(fd, LAB_WRAPFD_IOC_EMPTY);
	expect("load into an empty one", wrapfd_load(fd, good), -ENOENT);
	close(fd);
	close(read_only);
	close(unowned);
	close(buffer);
	close(good.file_fd);
}

/* The range arrives, nothing beside it changes, and no page of the file stays in the cache. */
static void test_range(int buffer, const char *name, struct wrapfd_part part)
{
	uint64_t size = page_align(FILE_BYTES);
	unsigned char *file = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, part.file_fd, 0);
	unsigned char *at = map(buffer, size, BOTH);
	uint64_t wrong = 0;
	int err;

	memset(at, 0x5a, size);
	err = wrapfd_load_once(buffer, part);
	for (uint64_t i = 0; i < size; i++) {
		bool inside = i >= part.buf_offs && i < part.buf_offs + part.len;

		wrong += at[i] != (inside ? file[i - part.buf_offs + part.file_offs] : 0x5a);
	}
	munmap(file, FILE_BYTES);
	munmap(at, size);
	report(!err && !wrong, name, "%s, %llu wrong bytes", strerror(-err), (unsigned long long)wrong);
}

static void test_ranges(const char *path, int (*new_buffer)(uint64_t bytes), const char *kind)
{
	const struct wrapfd_part parts[] = {
		{ .len = FILE_BYTES },
		{ .len = FILE_BYTES, .earlier = true },
		{ .file_offs = MIB(1), .buf_offs = page_bytes(), .len = MIB(1) },
		{ .file_offs = page_bytes(), .buf_offs = MIB(2), .len = 1 },
		{ .file_offs = 2 * page_bytes(), .len = page_bytes() + 1, .earlier = true },
		{ .len = 0 },
	};
	int buffer = new_buffer(FILE_BYTES);
	char name[128];

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct wrapfd_part part = parts[i];

		part.file_fd = open_file(path, i & 1);
		snprintf(name, sizeof(name), "load %llu bytes from %llu to %llu of a %s buffer%s",
			 (unsigned long long)part.len, (unsigned long long)part.file_offs,
			 (unsigned long long)part.buf_offs, kind, part.earlier ? ", earlier layout" : "");
		test_range(buffer, name, part);
		close(part.file_fd);
	}
	close(buffer);
}

static void test_later_rules(const char *path)
{
	struct wrapfd_part part = { .file_fd = open_file(path, false), .file_offs = 777, .buf_offs = 12345 };
	int buffer = heap_buffer(FILE_BYTES);
	int fd = wrapfd_wrap(buffer, BOTH);
	void *at = map(fd, FILE_BYTES, PROT_READ);

	set_wrapfd_later_rules(true);
	part.len = 4096;
	expect("later rules: load while it is mapped, without ownership", wrapfd_load(fd, part), 0);
	part.len = MIB(2) + 11;
	test_range(buffer, "later rules: offsets that lie apart", part);
	part.buf_offs = 777;
	test_range(buffer, "later rules: offsets inside the same page", part);
	part.len = 3;
	test_range(buffer, "later rules: a few bytes", part);
	set_wrapfd_later_rules(false);
	munmap(at, FILE_BYTES);
	close(fd);
	close(buffer);
	close(part.file_fd);
}

struct second_load {
	int fd;
	int file_fd;
	atomic_bool done;
	int err;
};

static void *load_slowly(void *data)
{
	struct second_load *load = data;
	struct wrapfd_part part = { .file_fd = load->file_fd, .len = SLOW_BYTES };

	load->err = wrapfd_load(load->fd, part);
	atomic_store(&load->done, true);
	return NULL;
}

/* While one thread loads, the other tries what a load excludes. */
static void test_second_load(const char *folder)
{
	struct second_load slow = { .fd = own_new(SLOW_BYTES, BOTH) };
	struct wrapfd_part part = { .len = 4096 };
	int loads = 0, maps = 0, guests = 0, others = 0;
	char path[4096];
	pthread_t thread;

	snprintf(path, sizeof(path), "%s/slow.bin", folder);
	write_long_file(path, SLOW_BYTES);
	slow.file_fd = open_file(path, true);
	part.file_fd = slow.file_fd;
	pthread_create(&thread, NULL, load_slowly, &slow);
	while (!atomic_load(&slow.done)) {
		int load, mapped;

		/* Before the load has begun there is nothing to see. */
		if (wrapfd_ask(slow.fd, LAB_WRAPFD_IOC_PROHIBIT_GUESTS) != -EAGAIN)
			continue;
		guests++;
		mapped = map_error(slow.fd, 4096, PROT_READ);
		load = wrapfd_load(slow.fd, part);
		/* A try may come when the load has just ended. */
		maps += mapped == -EAGAIN;
		loads += load == -EAGAIN;
		others += (mapped && mapped != -EAGAIN) || (load && load != -EAGAIN);
	}
	pthread_join(thread, NULL);
	report(!slow.err, "the first load", "%s", strerror(-slow.err));
	report(guests && loads && maps && !others, "meanwhile a load, a mapping and a change have to come again",
	       "%d, %d and %d, %d others", loads, maps, guests, others);
	close(slow.fd);
	close(slow.file_fd);
	unlink(path);
}

static int call_random(unsigned int *seed, int *fds, int count)
{
	static const unsigned long requests[] = {
		LAB_WRAPFD_IOC_WRAP,	     LAB_WRAPFD_IOC_STATE, LAB_WRAPFD_IOC_ACQUIRE,
		LAB_WRAPFD_IOC_RELEASE,	     LAB_WRAPFD_IOC_LOAD,  LAB_WRAPFD_IOC_LOAD_EARLIER,
		LAB_WRAPFD_IOC_REWRAP,	     LAB_WRAPFD_IOC_EMPTY, LAB_WRAPFD_IOC_REWRAP_EARLIER,
		LAB_WRAPFD_IOC_ALLOW_GUESTS, DMA_BUF_IOCTL_SYNC,   LAB_WRAPFD_IOC_PROHIBIT_GUESTS,
	};
	uint64_t words[5];
	uint64_t page = page_bytes();
	int fd = fds[rand_r(seed) % count];

	for (size_t i = 0; i < 5; i++)
		words[i] = rand_r(seed) % 3 ? (uint64_t)(rand_r(seed) % 4) * page : (uint64_t)rand_r(seed) << 17;
	words[0] = (uint64_t)fds[rand_r(seed) % count] | (uint64_t)(rand_r(seed) % 4) << 32;
	return ioctl(fd, requests[rand_r(seed) % (sizeof(requests) / sizeof(*requests))], words);
}

static void test_random_calls(const char *path)
{
	struct counters before = read_counters(), after;
	int descriptors = open_descriptors();
	unsigned int seed = 1;
	int made = 0;

	for (int round = 0; round < 40; round++) {
		int fds[16] = { wrapfd_device(), heap_buffer(MIB(1)), open_file(path, round & 1) };
		int count = 3;

		for (int call = 0; call < 200; call++) {
			int got = call_random(&seed, fds, count);

			if (got <= 2)
				continue;
			made++;
			if (count < 16)
				fds[count++] = got;
			else
				close(got);
		}
		while (count > 1)
			close(fds[--count]);
	}
	after = read_counters();
	report(made && open_descriptors() == descriptors && after.dma_bufs == before.dma_bufs &&
		       after.module_references == before.module_references &&
		       before.free_pages - after.free_pages < slack_pages(),
	       "random requests leave nothing behind", "%d made, %d descriptors, %ld dma-bufs, %ld references", made,
	       open_descriptors() - descriptors, after.dma_bufs - before.dma_bufs,
	       after.module_references - before.module_references);
}

static void test_permission(void)
{
	struct stat node;

	if (stat(DMABUF_LAB_WRAPFD_DEVICE, &node))
		bail_out("stat %s", DMABUF_LAB_WRAPFD_DEVICE);
	report((node.st_mode & 07777) == 0600 && !node.st_uid, "only root may open the device", "mode %o",
	       node.st_mode);
}

void test_wrapfd(const char *folder)
{
	struct counters before, after;
	char path[4096];

	snprintf(path, sizeof(path), "%s/wrapfd.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	wrapfd_device();
	before = read_counters();
	test_permission();
	test_wrap(path);
	test_states();
	test_ownership();
	test_others();
	test_rewrap();
	test_close_on_exec(true);
	test_close_on_exec(false);
	test_load_refusals(path);
	test_ranges(path, heap_buffer, "heap");
	test_ranges(path, udmabuf_buffer, "udmabuf");
	test_later_rules(path);
	test_random_calls(path);
	test_second_load(folder);
	after = read_counters();
	report(after.dma_bufs == before.dma_bufs && after.module_references == before.module_references &&
		       before.free_pages - after.free_pages < slack_pages(),
	       "nothing is left", "%ld dma-bufs, %ld references, %ld pages", after.dma_bufs - before.dma_bufs,
	       after.module_references - before.module_references, before.free_pages - after.free_pages);
	unlink(path);
}
