/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "file/dontcache.h"
#include "file/trial_file.h"
#include "in_kernel/wrapfd_trial.h"
#include "loader/dma_heap.h"
#include "loader/lab_module.h"
#include "loader/memory.h"
#include "loader/rounding.h"
#include "loader/udmabuf.h"
#include "loader/wrapfd.h"
#include "protocol/failure.h"
#include "system/requirements.h"

static void explain(char reason[REASON_BYTES], int number, const char *what)
{
	snprintf(reason, REASON_BYTES, "%s: %s", errno_name(number), what);
}

void reason_text(char reason[REASON_BYTES], const struct dmabuf_loader_error *error)
{
	/* A refused device says all there is to say; the errno helps with anything else, where there is one. */
	if (error->refused || !error->error)
		snprintf(reason, REASON_BYTES, "%s", error->reason);
	else
		explain(reason, error->error, error->reason);
}

static int try_direct(struct requirements *found, const char *path)
{
	void *page = NULL;
	int fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);

	if (fd < 0) {
		explain(found->o_direct, errno, why_no_direct_open(path));
		return -1;
	}
	found->align = direct_align_of(fd);
	if (posix_memalign(&page, page_bytes(), page_bytes())) {
		explain(found->o_direct, ENOMEM, "no memory for a direct read");
	} else if (pread(fd, page, page_bytes(), 0) <= 0) {
		explain(found->o_direct, errno, "this file system refuses direct reads");
	}
	free(page);
	return fd;
}

static int try_heap_buffer(const char *heap, char reason[REASON_BYTES])
{
	struct dmabuf_loader_error error;
	int device = dma_heap_open(heap, &error), buffer;

	if (device < 0) {
		reason_text(reason, &error);
		return -1;
	}
	buffer = dma_heap_alloc(device, page_bytes(), &error);
	if (buffer < 0)
		reason_text(reason, &error);
	close(device);
	return buffer;
}

static void try_mapping(int buffer, char reason[REASON_BYTES])
{
	void *address = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);

	if (address == MAP_FAILED)
		explain(reason, errno, "the CPU cannot map this heap's buffers");
	else
		munmap(address, page_bytes());
}

static void try_udmabuf(char reason[REASON_BYTES])
{
	struct dmabuf_loader_error error;
	struct memory memory;
	struct memory_layout layout = { .bytes = page_bytes() };
	int device = udmabuf_open(&error), buffer = -1;

	if (device >= 0 && memory_create(&memory, &layout, &error) == 0) {
		buffer = udmabuf_create(device, &memory, &error);
		memory_free(&memory);
	}
	if (buffer < 0)
		reason_text(reason, &error);
	else
		close(buffer);
	if (device >= 0)
		close(device);
}

/* A file that cannot be had is told by another requirement's reason. */
static void try_dontcache(struct requirements *found, int file)
{
	struct dmabuf_loader_error error;
	char byte;

	if (file < 0) {
		memcpy(found->rwf_dontcache, found->o_direct, REASON_BYTES);
		return;
	}
	if (dontcache_read(file, &byte, 1, 0) >= 0)
		return;
	(void)dontcache_failed(errno, 0, &error);
	explain(found->rwf_dontcache, error.error, error.reason);
}

static void try_copies(struct requirements *found, int buffer, int file)
{
	off_t offset = 0;
	off_t from = 0, to = 0;

	if (sendfile(buffer, file, &offset, page_bytes()) < 0) {
		int refusal = errno;

		/* The module emulates it, and the sample then says so. */
		if (!lab_module_offers())
			explain(found->dmabuf_sendfile, refusal, "this kernel cannot splice into a dma-buf");
	}
	if (copy_file_range(file, &from, buffer, &to, page_bytes(), 0) < 0)
		explain(found->dmabuf_copy_file_range, errno, "this kernel cannot copy_file_range into a dma-buf");
}

bool heap_admits_cpu(const char *heap, char reason[REASON_BYTES])
{
	int buffer = try_heap_buffer(heap, reason);

	if (buffer < 0)
		return false;
	reason[0] = '\0';
	try_mapping(buffer, reason);
	close(buffer);
	return reason[0] == '\0';
}

/* What cannot be tried without a heap or a file is not met for the same reason. */
static void try_heap(struct requirements *found, const char *heap, int file)
{
	int buffer = try_heap_buffer(heap, found->dma_heap);

	if (buffer < 0) {
		memcpy(found->heap_cpu_access, found->dma_heap, REASON_BYTES);
		memcpy(found->dmabuf_sendfile, found->dma_heap, REASON_BYTES);
		memcpy(found->dmabuf_copy_file_range, found->dma_heap, REASON_BYTES);
		return;
	}
	try_mapping(buffer, found->heap_cpu_access);
	if (file >= 0) {
		try_copies(found, buffer, file);
	} else {
		memcpy(found->dmabuf_sendfile, found->o_direct, REASON_BYTES);
		memcpy(found->dmabuf_copy_file_range, found->o_direct, REASON_BYTES);
	}
	close(buffer);
}

/* Both are -1 where there is none. */
struct opened {
	int direct;
	int file;
};

static struct opened open_trial(struct requirements *found, const char *directory, struct trial_file *trial)
{
	struct opened opened = { -1, -1 };
	struct dmabuf_loader_error error;

	if (trial_file_create(trial, directory, &error)) {
		reason_text(found->o_direct, &error);
		return opened;
	}
	opened.file = trial->fd;
	opened.direct = try_direct(found, trial->path);
	return opened;
}

static struct opened open_given(struct requirements *found, const char *path)
{
	return (struct opened){ .file = open(path, O_RDONLY | O_CLOEXEC), .direct = try_direct(found, path) };
}

/* The device first: without one it does not matter whether a file can be made. */
static void try_wrapfd(struct requirements *found, const char *directory, const char *heap)
{
	struct dmabuf_loader_error error;
	struct wrapfd_device device;
	struct trial_file trial;

	if (wrapfd_open(&device, &error)) {
		reason_text(found->wrapfd, &error);
		return;
	}
	wrapfd_close(&device);
	if (trial_file_create(&trial, directory, &error)) {
		reason_text(found->wrapfd, &error);
		return;
	}
	if (wrapfd_try(heap, &trial, &error))
		reason_text(found->wrapfd, &error);
	trial_file_remove(&trial);
}

void requirements_try(struct requirements *found, const char *directory, const char *file, const char *heap)
{
	struct dmabuf_loader_error error;
	struct trial_file trial;
	struct opened opened;

	memset(found, 0, sizeof(*found));
	in_kernel_try_ways(&found->ways, directory, heap);
	if (!in_kernel_has_any(&found->ways, &error))
		reason_text(found->alloc_and_read, &error);
	try_wrapfd(found, directory, heap);
	opened = file ? open_given(found, file) : open_trial(found, directory, &trial);
	try_heap(found, heap, opened.file);
	try_dontcache(found, opened.file);
	try_udmabuf(found->udmabuf);
	if (opened.direct >= 0)
		close(opened.direct);
	if (opened.file >= 0 && file)
		close(opened.file);
	else if (opened.file >= 0)
		trial_file_remove(&trial);
}
