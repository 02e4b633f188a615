// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "loads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "wrapfd_calls.h"

#define PATTERN_BLOCK KIB(64)

int lab_device(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(DMABUF_LAB_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		bail_out("open %s", DMABUF_LAB_DEVICE);
	return fd;
}

static int lab_call(unsigned long command, struct dmabuf_lab_read *load)
{
	return ioctl(lab_device(), command, load) ? -errno : 0;
}

int alloc_and_read(struct dmabuf_lab_read *load)
{
	return lab_call(DMABUF_LAB_IOC_ALLOC_AND_READ, load);
}

int read_into(struct dmabuf_lab_read *load)
{
	return lab_call(DMABUF_LAB_IOC_READ_INTO, load);
}

const struct load_mode load_modes[NR_LOAD_MODES] = {
	{ .name = "sync" },
	{ .name = "async, 1 reader", .flags = DMABUF_LAB_ASYNC, .readers = 1 },
	{ .name = "async, 4 readers", .flags = DMABUF_LAB_ASYNC, .readers = 4 },
	{ .name = "read into", .into = true },
	{ .name = "read into, 2 readers", .flags = DMABUF_LAB_ASYNC, .readers = 2, .into = true },
	{ .name = "pipe", .flags = DMABUF_LAB_PIPE, .into = true },
	{ .name = "wrapfd", .into = true, .wrapped = true },
	{ .name = "wrapfd, earlier layout", .into = true, .wrapped = true, .earlier = true },
};

struct dmabuf_lab_read prepare_load(const struct load_mode *mode, const char *path, bool direct, uint64_t bytes,
				    uint64_t gather_bytes)
{
	return (struct dmabuf_lab_read){
		.file_fd = open_file(path, direct),
		.flags = mode->flags,
		.readers = mode->readers,
		.gather_bytes = mode->readers ? gather_bytes : 0,
		.bytes = bytes,
		.dmabuf_fd = mode->into ? heap_buffer(bytes) : -1,
	};
}

int run_load(const struct load_mode *mode, struct dmabuf_lab_read *load)
{
	struct wrapfd_part whole = { .file_fd = load->file_fd, .len = load->bytes, .earlier = mode->earlier };

	if (mode->wrapped)
		return wrapfd_load_once(load->dmabuf_fd, whole);
	return mode->into ? read_into(load) : alloc_and_read(load);
}

void end_load(const struct dmabuf_lab_read *load)
{
	if (load->dmabuf_fd >= 0)
		close(load->dmabuf_fd);
	close(load->file_fd);
}

uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t page_align(uint64_t bytes)
{
	return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
}

static int allocate_from_heap(uint64_t bytes, int access)
{
	struct dma_heap_allocation_data data = {
		.len = page_align(bytes),
		.fd_flags = access | O_CLOEXEC,
	};
	int heap = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);

	if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		bail_out("allocate from the system heap");
	close(heap);
	return data.fd;
}

int heap_buffer(uint64_t bytes)
{
	return allocate_from_heap(bytes, O_RDWR);
}

int heap_buffer_read_only(uint64_t bytes)
{
	return allocate_from_heap(bytes, O_RDONLY);
}

int udmabuf_buffer(uint64_t bytes)
{
	struct udmabuf_create create = {
		.size = page_align(bytes),
		.flags = UDMABUF_FLAGS_CLOEXEC,
	};
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	int memfd = memfd_create("test", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	int fd;

	if (device < 0 || memfd < 0 || ftruncate(memfd, create.size) || fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		bail_out("prepare a udmabuf");
	create.memfd = memfd;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	if (fd < 0)
		bail_out("create a udmabuf");
	close(memfd);
	close(device);
	return fd;
}

/* splitmix64: eight bytes of the pattern, a function of their place alone. */
static uint64_t pattern_word(uint64_t index)
{
	uint64_t z = (index + 1) * 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static void fill_pattern(uint64_t *words, uint64_t offset, size_t bytes)
{
	for (size_t i = 0; i < (bytes + 7) / 8; i++)
		words[i] = pattern_word(offset / 8 + i);
}

/* Writes the pattern, or its first block over and over. */
static void write_blocks(const char *path, uint64_t bytes, bool anew)
{
	static uint64_t block[PATTERN_BLOCK / 8];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		bail_out("create %s", path);
	for (uint64_t offset = 0; offset < bytes; offset += PATTERN_BLOCK) {
		uint64_t rest = bytes - offset;
		size_t size = rest < PATTERN_BLOCK ? rest : PATTERN_BLOCK;

		if (anew || !offset)
			fill_pattern(block, offset, size);
		if (write(fd, block, size) != (ssize_t)size)
			bail_out("write %s", path);
	}
	if (fsync(fd))
		bail_out("fsync %s", path);
	close(fd);
	drop_from_cache(path);
}

void write_pattern_file(const char *path, uint64_t bytes)
{
	write_blocks(path, bytes, true);
}

void write_long_file(const char *path, uint64_t bytes)
{
	write_blocks(path, bytes, false);
}

int open_file(const char *path, bool direct)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | (direct ? O_DIRECT : 0));

	if (fd < 0)
		bail_out("open %s", path);
	return fd;
}

void drop_from_cache(const char *path)
{
	int fd = open_file(path, false);

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

uint64_t cached_pages(const char *path, uint64_t bytes)
{
	uint64_t pages = page_align(bytes) / page_bytes();
	unsigned char *resident = calloc(pages, 1);
	int fd = open_file(path, false);
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	uint64_t count = 0;

	if (!resident || map == MAP_FAILED || mincore(map, bytes, resident))
		bail_out("mincore %s", path);
	for (uint64_t i = 0; i < pages; i++)
		count += resident[i] & 1;
	munmap(map, bytes);
	close(fd);
	free(resident);
	return count;
}

static void sync_buffer(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_READ | flags };

	if (ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync))
		bail_out("DMA_BUF_IOCTL_SYNC");
}

static int64_t compare(const unsigned char *data, uint64_t file_offset, uint64_t bytes)
{
	static uint64_t block[PATTERN_BLOCK / 8];
	uint64_t at = 0;

	while (at < bytes) {
		uint64_t rest = bytes - at;
		size_t size = rest < PATTERN_BLOCK ? rest : PATTERN_BLOCK;

		fill_pattern(block, file_offset + at, size);
		if (memcmp(data + at, block, size))
			break;
		at += size;
	}
	/* The exact byte, within the block that differs. */
	while (at < bytes) {
		uint64_t word = pattern_word((file_offset + at) / 8);

		if (data[at] != (unsigned char)(word >> (at % 8 * 8)))
			return at;
		at++;
	}
	for (; at < page_align(bytes); at++)
		if (data[at])
			return at;
	return -1;
}

int64_t first_wrong_byte(int dmabuf_fd, uint64_t buffer_offset, uint64_t file_offset, uint64_t bytes)
{
	size_t size = page_align(bytes);
	int64_t wrong;
	void *map;

	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf_fd, buffer_offset);
	if (map == MAP_FAILED)
		bail_out("mmap the dma-buf");
	sync_buffer(dmabuf_fd, DMA_BUF_SYNC_START);
	wrong = compare(map, file_offset, bytes);
	sync_buffer(dmabuf_fd, DMA_BUF_SYNC_END);
	munmap(map, size);
	return wrong;
}

int open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (!folder)
		bail_out("open /proc/self/fd");
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

void set_module_limit(const char *parameter, uint64_t mib)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/dmabuf_lab/parameters/%s", parameter);
	file = fopen(path, "w");
	if (!file || fprintf(file, "%llu\n", (unsigned long long)mib) < 0 || fclose(file))
		bail_out("set %s", parameter);
}
