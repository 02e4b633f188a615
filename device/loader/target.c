/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dma_heap.h"
#include "dmabuf.h"
#include "error.h"
#include "lab_module.h"
#include "rounding.h"
#include "target.h"

static int add_lane(struct target *target, int wrapfd, struct dmabuf_loader_error *error)
{
	struct lane *lane = &target->lanes[target->lane_count];
	int number = pthread_mutex_init(&lane->lock, NULL);

	if (number) {
		if (wrapfd >= 0)
			close(wrapfd);
		return load_failed(error, number, "no lock for a reader");
	}
	lane->wrapfd = wrapfd;
	target->lane_count++;
	return 0;
}

/* A kernel may let a buffer be wrapped once only: then the readers take turns. */
static int add_wraps(struct target *target, const struct wrapfd_device *device, unsigned int count,
		     struct dmabuf_loader_error *error)
{
	for (unsigned int i = 0; i < count; i++) {
		int wrapfd = wrapfd_own(device, target->dmabuf, error);

		if (wrapfd < 0)
			return i ? 0 : -1;
		if (add_lane(target, wrapfd, error))
			return -1;
	}
	return 0;
}

static int make_lanes(struct target *target, const struct devices *devices, unsigned int count,
		      struct dmabuf_loader_error *error)
{
	int result = 0;

	target->lanes = calloc(count, sizeof(*target->lanes));
	if (!target->lanes)
		return load_failed(error, ENOMEM, "no memory for the readers' ways into the buffer");
	if (target->kind == DMABUF_LOADER_WRAPFD)
		return add_wraps(target, &devices->wrapfd, count, error);
	for (unsigned int i = 0; i < count && !result; i++)
		result = add_lane(target, -1, error);
	return result;
}

/*
 * A device may be attached to a buffer that is filled again. Each load of the kernel's then begins and ends the CPU's
 * access to all of it, which must not happen while another one writes: one at a time.
 */
int target_take(struct target *target, const struct dmabuf_loader_buffer *buffer, struct devices *devices,
		struct dmabuf_loader_error *error)
{
	target->kind = buffer->memory;
	target->dmabuf = buffer->dmabuf_fd;
	target->memory = (struct memory){ .address = buffer->address, .bytes = buffer->mapped_bytes };
	if (!is_read_by_kernel(target->kind))
		return 0;
	if (devices_open_to_fill(devices, target->kind, error))
		return -1;
	return make_lanes(target, devices, 1, error);
}

int target_allocate(struct target *target, uint64_t bytes, const struct devices *devices, unsigned int readers,
		    struct dmabuf_loader_error *error)
{
	bool is_module = target->kind == DMABUF_LOADER_MODULE;

	target->dmabuf = is_module ? lab_module_alloc(devices->module, bytes, error) :
				     dma_heap_alloc(devices->heap, bytes, error);
	if (target->dmabuf < 0)
		return -1;
	target->memory.address = dmabuf_map(target->dmabuf, bytes, PROT_READ | PROT_WRITE, error);
	if (!target->memory.address)
		return -1;
	target->memory.bytes = bytes;
	return is_read_by_kernel(target->kind) ? make_lanes(target, devices, readers, error) : 0;
}

/* What the kernel says of a file that has become shorter is not clear (EINVAL). */
static int explain(const struct source *source, const struct wrapfd_part *part, struct dmabuf_loader_error *error)
{
	struct stat status;

	if (fstat(source->fd, &status) || (uint64_t)status.st_size >= part->file_offset + part->bytes)
		return -1;
	return source_ended(error, (uint64_t)status.st_size);
}

static int read_pages(const struct target *target, const struct lane *lane, const struct devices *devices,
		      const struct wrapfd_part *part, struct dmabuf_loader_error *error)
{
	struct dmabuf_lab_read request = {
		.file_fd = part->file,
		.dmabuf_fd = target->dmabuf,
		.file_offset = part->file_offset,
		.buffer_offset = part->buffer_offset,
		.bytes = part->bytes,
	};

	if (target->kind == DMABUF_LOADER_WRAPFD)
		return wrapfd_load(lane->wrapfd, part, error);
	return lab_module_read(devices->module, DMABUF_LAB_IOC_READ_INTO, &request, error);
}

/* Writing alone: a reader that begins must not drop from the caches what another has written beside it. */
static int read_synced(const struct target *target, struct exact_read read, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_error ignored;

	if (target->dmabuf < 0)
		return read_exactly(read, error);
	if (dmabuf_sync(target->dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE, error))
		return -1;
	if (read_exactly(read, error)) {
		(void)dmabuf_sync(target->dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE, &ignored);
		return -1;
	}
	return dmabuf_sync(target->dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE, error);
}

int target_read_through_mapping(const struct target *target, struct exact_read read, struct fallback *fallback,
				struct dmabuf_loader_error *error)
{
	if (read.source->direct && !atomic_load(&fallback->refusal)) {
		if (read_synced(target, read, error) == 0)
			return 0;
		if (error->error != EFAULT)
			return -1;
		atomic_store(&fallback->refusal, EFAULT);
	}
	if (read.source->direct)
		read.source = &fallback->cached;
	return read_synced(target, read, error);
}

/* What the kernel does not read: the mapping may take no direct reads. */
static int carry_over(const struct target *target, struct exact_read read, uint64_t bytes,
		      struct dmabuf_loader_error *error)
{
	if (!bytes)
		return 0;
	read.bytes = bytes;
	read.all_bounced = true;
	return read_synced(target, read, error);
}

static void advance(struct target_read *read, uint64_t bytes)
{
	read->read.offset += bytes;
	read->read.to += bytes;
	read->read.bytes -= bytes;
	read->buffer_offset += bytes;
}

/* Up to where whole pages begin; all of it where they never do. */
static uint64_t bytes_before_pages(const struct target_read *read)
{
	uint64_t page = page_bytes(), within = read->buffer_offset % page;

	if (within != read->read.offset % page)
		return read->read.bytes;
	return smaller(read->read.bytes, round_up(within, page) - within);
}

static int read_locked(const struct target *target, const struct lane *lane, const struct devices *devices,
		       struct target_read read, struct dmabuf_loader_error *error)
{
	uint64_t before = bytes_before_pages(&read);
	struct wrapfd_part part = { .file = read.read.source->fd };

	if (carry_over(target, read.read, before, error))
		return -1;
	advance(&read, before);
	part.file_offset = read.read.offset;
	part.buffer_offset = read.buffer_offset;
	part.bytes = round_down(read.read.bytes, page_bytes());
	if (part.bytes && read_pages(target, lane, devices, &part, error))
		return explain(read.read.source, &part, error);
	advance(&read, part.bytes);
	return carry_over(target, read.read, read.read.bytes, error);
}

int target_read_by_kernel(struct target *target, const struct devices *devices, struct target_read read,
			  struct dmabuf_loader_error *error)
{
	struct lane *lane = &target->lanes[read.reader % target->lane_count];
	int result;

	pthread_mutex_lock(&lane->lock);
	if (atomic_load(read.read.cancelled))
		result = load_failed(error, ECANCELED, "the load was cancelled");
	else
		result = read_locked(target, lane, devices, read, error);
	pthread_mutex_unlock(&lane->lock);
	return result;
}

void target_end(struct target *target)
{
	for (unsigned int i = 0; i < target->lane_count; i++) {
		if (target->lanes[i].wrapfd >= 0)
			close(target->lanes[i].wrapfd);
		pthread_mutex_destroy(&target->lanes[i].lock);
	}
	free(target->lanes);
	target->lanes = NULL;
	target->lane_count = 0;
}

void target_discard(struct target *target)
{
	target_end(target);
	memory_free(&target->memory);
	if (target->dmabuf >= 0)
		close(target->dmabuf);
	target->dmabuf = -1;
}
