/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "memory.h"
#include "rounding.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Small enough to stay in a core's cache, so that writing it costs about what clearing the pages would. */
#define ZEROS_BYTES (64ULL << 10)

int memory_create(struct memory *memory, uint64_t bytes, struct dmabuf_loader_error *error)
{
	memory->address = NULL;
	memory->bytes = bytes;
	memory->huge_pages = false;
	memory->fd = memfd_create("dmabuf-loader", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory->fd < 0)
		return load_failed(error, errno, "cannot create a memfd");
	if (ftruncate(memory->fd, (off_t)bytes) || fcntl(memory->fd, F_ADD_SEALS, F_SEAL_SHRINK)) {
		load_failed(error, errno, "cannot size the memfd");
		memory_free(memory);
		return -1;
	}
	return 0;
}

int memory_map(struct memory *memory, bool huge_pages, struct dmabuf_loader_error *error)
{
	void *address = mmap(NULL, memory->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory->fd, 0);

	if (address == MAP_FAILED)
		return load_failed(error, errno, "cannot map the memfd");
	memory->address = address;
	/* A kernel without huge pages in shared memory refuses the advice; the load does without. */
	memory->huge_pages = huge_pages && madvise(address, memory->bytes, MADV_HUGEPAGE) == 0;
	return 0;
}

void memory_free(struct memory *memory)
{
	if (memory->address)
		munmap(memory->address, memory->bytes);
	if (memory->fd >= 0)
		close(memory->fd);
	memory->address = NULL;
	memory->fd = -1;
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
		ssize_t put = pwrite(memory->fd, zeros, smaller(bytes, ZEROS_BYTES), (off_t)offset);

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
