/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "gather.h"
#include "memory.h"
#include "rounding.h"
#include "udmabuf.h"

/* Two reads in flight keep the device busy while one is being queued; more only share the same bandwidth. */
#define DEFAULT_READERS 2
/*
 * All pages of a memfd hang on one lock, so populating scales with few threads, and not at all where a virtual machine
 * has more processors than its host has to spare. The readers and the program want processors as well.
 */
#define PROCESSORS_PER_POPULATOR 4
#define MAX_DEFAULT_POPULATORS 4

/* A load in the making; whatever is open or mapped here is undone after an error. */
struct loading {
	struct source source;
	struct memory memory;
	int device;
	int dmabuf;
	uint64_t bytes;
	struct dmabuf_loader_times times;
};

unsigned int dmabuf_loader_default_readers(void)
{
	return DEFAULT_READERS;
}

unsigned int dmabuf_loader_default_populators(void)
{
	long populators = sysconf(_SC_NPROCESSORS_ONLN) / PROCESSORS_PER_POPULATOR;

	return populators < 1 ? 1 : (unsigned int)smaller((uint64_t)populators, MAX_DEFAULT_POPULATORS);
}

/* Asked before opening: O_DIRECT on anything else fails for a reason that would mislead. */
static int check_regular(const char *path, struct dmabuf_loader_error *error)
{
	struct stat status;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return load_failed(error, EINVAL, "not a regular file");
	return 0;
}

static int find_size(struct loading *loading, uint64_t asked, struct dmabuf_loader_error *error)
{
	struct stat status;

	if (fstat(loading->source.fd, &status))
		return load_failed(error, errno, "cannot look at the file");
	if (status.st_size == 0)
		return load_failed(error, ENODATA, "the file is empty");
	if (asked > (uint64_t)status.st_size)
		return load_failed(error, ENODATA, "the file is smaller than what is to be loaded");
	loading->bytes = asked ? asked : (uint64_t)status.st_size;
	return 0;
}

static int open_all(struct loading *loading, const char *path, const struct dmabuf_loader_options *options,
		    struct dmabuf_loader_error *error)
{
	uint64_t room;

	if (check_regular(path, error) || source_open(&loading->source, path, !options->buffered, error) ||
	    find_size(loading, options->bytes, error))
		return -1;
	room = source_rounded(&loading->source, loading->bytes);
	if (udmabuf_check_limit(room, error))
		return -1;
	loading->device = udmabuf_open(error);
	return loading->device < 0 ? -1 : memory_create(&loading->memory, room, error);
}

static int create_dmabuf(void *context, struct dmabuf_loader_error *error)
{
	struct loading *loading = context;

	loading->times.create_start_ns = now_ns();
	loading->dmabuf = udmabuf_create(loading->device, loading->memory.fd, loading->memory.bytes, error);
	loading->times.create_end_ns = now_ns();
	return loading->dmabuf < 0 ? -1 : 0;
}

static unsigned int thread_count(unsigned int asked, unsigned int otherwise)
{
	return asked ? (unsigned int)smaller(asked, DMABUF_LOADER_MAX_THREADS) : otherwise;
}

static int fill(struct loading *loading, const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error)
{
	uint64_t gather = options->gather_bytes ? options->gather_bytes : DMABUF_LOADER_DEFAULT_GATHER_BYTES;
	struct gather_job job = {
		.source = &loading->source,
		.memory = &loading->memory,
		.bytes = loading->bytes,
		.gather_bytes = gather_rounded(gather, loading->source.align_bytes),
		.readers = thread_count(options->readers, dmabuf_loader_default_readers()),
		.populators = thread_count(options->populators, dmabuf_loader_default_populators()),
		.gathers = options->gathers,
		.populated = create_dmabuf,
		.context = loading,
	};
	int result;

	if (!job.gathers)
		job.gathers = calloc(dmabuf_loader_gather_count(job.bytes, job.gather_bytes), sizeof(*job.gathers));
	if (!job.gathers)
		return load_failed(error, ENOMEM, "no memory for the gather records");
	result = gather_load(&job, error);
	if (!options->gathers)
		free(job.gathers);
	return result;
}

static int load(struct loading *loading, const char *path, const struct dmabuf_loader_options *options,
		struct dmabuf_loader_error *error)
{
	loading->times.start_ns = now_ns();
	if (open_all(loading, path, options, error))
		return -1;
	loading->times.open_ns = now_ns();
	if (memory_map(&loading->memory, !options->small_pages, error))
		return -1;
	loading->times.map_ns = now_ns();
	if (fill(loading, options, error))
		return -1;
	loading->times.end_ns = now_ns();
	return 0;
}

static void undo(struct loading *loading)
{
	if (loading->dmabuf >= 0)
		close(loading->dmabuf);
	memory_free(&loading->memory);
}

int dmabuf_loader_load(const char *path, const struct dmabuf_loader_options *options,
		       struct dmabuf_loader_buffer *buffer, struct dmabuf_loader_error *error)
{
	static const struct dmabuf_loader_options defaults;
	struct loading loading = { .source.fd = -1, .memory.fd = -1, .device = -1, .dmabuf = -1 };
	int result;

	if (!options)
		options = &defaults;
	result = load(&loading, path, options, error);
	source_close(&loading.source);
	if (loading.device >= 0)
		close(loading.device);
	if (options->times)
		*options->times = loading.times;
	if (result) {
		undo(&loading);
		return -1;
	}
	*buffer = (struct dmabuf_loader_buffer){
		.dmabuf_fd = loading.dmabuf,
		.memfd = loading.memory.fd,
		.address = loading.memory.address,
		.bytes = loading.bytes,
		.mapped_bytes = loading.memory.bytes,
	};
	return 0;
}

void dmabuf_loader_free(struct dmabuf_loader_buffer *buffer)
{
	struct memory memory = { .fd = buffer->memfd, .address = buffer->address, .bytes = buffer->mapped_bytes };

	if (buffer->dmabuf_fd >= 0)
		close(buffer->dmabuf_fd);
	memory_free(&memory);
	*buffer = (struct dmabuf_loader_buffer){ .dmabuf_fd = -1, .memfd = -1 };
}
