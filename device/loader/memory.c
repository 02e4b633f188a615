/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "error.h"
#include "memory.h"
#include "rounding.h"
#include "udmabuf.h"

/* The most that UDMABUF_CREATE_LIST joins, where the kernel does not tell (drivers/dma-buf/udmabuf.c, list_limit). */
#define DEFAULT_LIST_LIMIT 1024

#define HUGE_PAGES_PATH "/sys/kernel/mm/transparent_hugepage/"

/* Whether that of a setting's words which is in brackets is @word. */
static bool chose(const char *path, const char *word, bool *there)
{
	FILE *file = fopen(path, "re");
	char line[128] = "", wanted[16];

	*there = file && fgets(line, sizeof(line), file);
	if (file)
		fclose(file);
	snprintf(wanted, sizeof(wanted), "[%s]", word);
	return strstr(line, wanted) != NULL;
}

/* The setting of the size (Linux 6.9) holds, unless it leaves that to the one for all. */
bool memory_gives_huge_pages(void)
{
	static const char all[] = HUGE_PAGES_PATH "shmem_enabled";
	char size[96];
	bool there;

	snprintf(size, sizeof(size), HUGE_PAGES_PATH "hugepages-%" PRIu64 "kB/shmem_enabled",
		 bytes_of_huge_page() / 1024);
	if (!chose(size, "inherit", &there) && there)
		return !chose(size, "never", &there);
	return !chose(all, "never", &there) && !chose(all, "deny", &there) && there;
}

/* Half of the descriptors that the process may have: the rest is the program's. */
static uint64_t most_parts(void)
{
	uint64_t limit = udmabuf_list_limit(DEFAULT_LIST_LIMIT);
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		limit = smaller(limit, files.rlim_cur / 2);
	return larger(limit, 1);
}

uint64_t memory_part_bytes(uint64_t bytes, uint64_t slice_bytes, bool huge_pages)
{
	uint64_t step = huge_pages ? bytes_of_huge_page() : page_bytes();
	uint64_t least = (bytes + most_parts() - 1) / most_parts();

	return round_up(larger(slice_bytes, least), step);
}

static uint64_t bytes_of_part(const struct memory *memory, size_t part)
{
	return smaller(memory->part_bytes, memory->bytes - part * memory->part_bytes);
}

static unsigned int flags_of(uint64_t hugetlb_bytes)
{
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;

	/* The logarithm of the page's size, where memfd_create(2) and mmap(2) both want it. */
	if (hugetlb_bytes)
		flags |= MFD_HUGETLB | (unsigned int)__builtin_ctzll(hugetlb_bytes) << MAP_HUGE_SHIFT;
	return flags;
}

static int create_failed(uint64_t hugetlb_bytes, int number, struct dmabuf_loader_error *error)
{
	/* EINVAL from a kernel without hugetlb, ENODEV from one without that size. */
	if (hugetlb_bytes && (number == EINVAL || number == ENODEV || number == ENOSYS))
		return load_refused(error, number, "this kernel has no hugetlb pages of %" PRIu64 " bytes",
				    hugetlb_bytes);
	return load_failed(error, number, "cannot create a memfd");
}

static int create_part(struct memory *memory, struct dmabuf_loader_error *error)
{
	size_t part = memory->count;
	int fd = memfd_create("dmabuf-loader", flags_of(memory->hugetlb_bytes));

	if (fd < 0)
		return create_failed(memory->hugetlb_bytes, errno, error);
	memory->fds[part] = fd;
	memory->count++;
	if (ftruncate(fd, (off_t)bytes_of_part(memory, part)) || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))
		return load_failed(error, errno, "cannot size the memfd");
	return 0;
}

int memory_create(struct memory *memory, const struct memory_layout *layout, struct dmabuf_loader_error *error)
{
	uint64_t step = larger(layout->hugetlb_bytes, 1);
	size_t parts;

	*memory = (struct memory){
		.bytes = round_up(layout->bytes, step),
		.huge_pages = layout->huge_pages || layout->hugetlb_bytes,
		.hugetlb_bytes = layout->hugetlb_bytes,
	};
	memory->part_bytes = layout->part_bytes ? round_up(layout->part_bytes, step) : memory->bytes;
	parts = (memory->bytes + memory->part_bytes - 1) / memory->part_bytes;
	memory->fds = malloc(parts * sizeof(*memory->fds));
	if (!memory->fds)
		return load_failed(error, ENOMEM, "no memory for the memfds");
	for (size_t part = 0; part < parts; part++) {
		if (create_part(memory, error)) {
			memory_free(memory);
			return -1;
		}
	}
	return 0;
}

/* An empty range that begins where a huge page may: a part's huge pages are mapped as such only there. */
static char *reserve(uint64_t bytes, uint64_t align)
{
	uint64_t room = bytes + align - page_bytes();
	char *start = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t before;

	if (start == MAP_FAILED)
		return NULL;
	before = round_up((uintptr_t)start, align) - (uintptr_t)start;
	if (before)
		munmap(start, before);
	if (room > before + bytes)
		munmap(start + before + bytes, room - before - bytes);
	return start + before;
}

static int map_part(const struct memory *memory, size_t part, struct dmabuf_loader_error *error)
{
	char *at = memory->address + part * memory->part_bytes;
	void *mapped = mmap(at, bytes_of_part(memory, part), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			    memory->fds[part], 0);

	if (mapped != MAP_FAILED)
		return 0;
	/* A mapping of hugetlb takes its pages out of the pool. */
	if (memory->hugetlb_bytes && errno == ENOMEM)
		return load_refused(error, errno, "the pool of hugetlb pages has not enough of %" PRIu64 " bytes%s",
				    memory->hugetlb_bytes, geteuid() == 0 ? "" : ": root can raise vm.nr_hugepages");
	return load_failed(error, errno, "cannot map the memfd");
}

int memory_map(struct memory *memory, struct dmabuf_loader_error *error)
{
	bool is_aligned = memory->huge_pages && memory->bytes >= bytes_of_huge_page();
	uint64_t align = is_aligned ? larger(bytes_of_huge_page(), memory->hugetlb_bytes) : page_bytes();

	memory->address = reserve(memory->bytes, larger(align, memory->hugetlb_bytes));
	if (!memory->address)
		return load_failed(error, errno, "no room for the mapping");
	for (size_t part = 0; part < memory->count; part++)
		if (map_part(memory, part, error))
			return -1;
	/* A kernel without huge pages in shared memory refuses the advice; the load does without. */
	if (memory->huge_pages && !memory->hugetlb_bytes)
		memory->huge_pages = madvise(memory->address, memory->bytes, MADV_HUGEPAGE) == 0;
	return 0;
}

static void close_files(struct memory *memory)
{
	for (size_t part = 0; part < memory->count; part++)
		close(memory->fds[part]);
	free(memory->fds);
	memory->fds = NULL;
	memory->count = 0;
}

int memory_keep_file(struct memory *memory, bool one)
{
	int kept = -1;

	if (one && memory->count == 1) {
		kept = memory->fds[0];
		memory->count = 0;
	}
	close_files(memory);
	return kept;
}

void memory_free(struct memory *memory)
{
	if (memory->address)
		munmap(memory->address, memory->bytes);
	memory->address = NULL;
	close_files(memory);
}

/* A read fault allocates a page of shared memory as well, and cannot disturb a direct read in flight. */
static void touch_pages(const char *address, uint64_t bytes)
{
	uint64_t step = page_bytes();

	for (uint64_t offset = 0; offset < bytes; offset += step)
		(void)*(const volatile char *)(address + offset);
}

static int populate_mapping(char *address, uint64_t bytes, int advice, struct dmabuf_loader_error *error)
{
	while (madvise(address, bytes, advice)) {
		if (errno == EINTR || errno == EAGAIN)
			continue;
		if (errno != EINVAL)
			return load_failed(error, errno, "cannot populate the memory");
		/* Linux before 5.14. */
		touch_pages(address, bytes);
		break;
	}
	return 0;
}

static int write_zeros(const struct memory *memory, uint64_t offset, uint64_t bytes, struct dmabuf_loader_error *error)
{
	static const char zeros[ZEROS_BYTES];

	while (bytes > 0) {
		size_t part = offset / memory->part_bytes;
		uint64_t within = offset % memory->part_bytes;
		uint64_t want = smaller(smaller(bytes, ZEROS_BYTES), bytes_of_part(memory, part) - within);
		ssize_t put = pwrite(memory->fds[part], zeros, want, (off_t)within);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return load_failed(error, errno, "cannot allocate the memory");
		offset += (uint64_t)put;
		bytes -= (uint64_t)put;
	}
	return 0;
}

int memory_populate_in_use(const struct memory *memory, uint64_t offset, uint64_t bytes,
			   struct dmabuf_loader_error *error)
{
	return populate_mapping(memory->address + offset, bytes, MADV_POPULATE_WRITE, error);
}

/*
 * A fault for each 4 KiB page is the dear part of MADV_POPULATE_WRITE. write() allocates pages without any, and
 * MADV_POPULATE_READ then maps sixteen present pages per fault (fault-around; Linux maps a shared file's pages writable
 * at once). A fault on advised memory brings a whole huge page, which write() does not.
 */
int memory_populate(const struct memory *memory, uint64_t offset, uint64_t bytes, struct dmabuf_loader_error *error)
{
	if (memory->huge_pages)
		return memory_populate_in_use(memory, offset, bytes, error);
	if (write_zeros(memory, offset, bytes, error))
		return -1;
	return populate_mapping(memory->address + offset, bytes, MADV_POPULATE_READ, error);
}
