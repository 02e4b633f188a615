/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "memory.h"
#include "rounding.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

int memory_create(struct memory *memory, uint64_t bytes, struct dmabuf_loader_error *error)
{
	memory->address = NULL;
	memory->bytes = bytes;
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
	/* A kernel without huge pages in shared memory refuses the advice; the load is as good without. */
	if (huge_pages)
		madvise(address, memory->bytes, MADV_HUGEPAGE);
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

int memory_populate(char *address, uint64_t bytes, struct dmabuf_loader_error *error)
{
	while (madvise(address, bytes, MADV_POPULATE_WRITE)) {
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
