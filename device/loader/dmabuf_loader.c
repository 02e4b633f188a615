/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "choice.h"
#include "clock.h"
#include "dmabuf.h"
#include "error.h"
#include "gather.h"
#include "lab_module.h"
#include "memory.h"
#include "options.h"
#include "rounding.h"
#include "task.h"
#include "udmabuf.h"

/* Two reads in flight keep the device busy while one is being queued; more only share the same bandwidth. */
#define DEFAULT_READERS 2
/*
 * All small pages of a memfd hang on one lock, so populating one scales with few threads, and not at all where a virtual
 * machine has more processors than its host has to spare. A memfd for each thread's share has no such lock; clearing
 * pages then wants the memory's bandwidth, which few threads use up.
 */
#define PROCESSORS_PER_POPULATOR 4
/* Shared memory zeroes its pages a second time where the kernel does so at allocation (init_on_alloc). */
#define MAX_POPULATORS_OF_HUGE_PAGES 2
#define LEAST_HUGE_GATHER_BYTES (16ULL << 20)
#define MAX_DEFAULT_POPULATORS 4

/* A load in the making; whatever is open or mapped here is undone after an error. */
struct loading {
	const struct dmabuf_loader_options *options;
	struct source source;
	struct devices devices;
	struct dmabuf_loader_choice choice;
	struct memory memory;
	int dmabuf;
	int memfd; /* -1 unless it stays open */
	uint64_t bytes;
	uint64_t gather_bytes;
	unsigned int populators;
	struct dmabuf_loader_times times;
};

unsigned int dmabuf_loader_default_readers(void)
{
	return DEFAULT_READERS;
}

/* Those that this thread may run on, as the threads that it starts. */
static uint64_t usable_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return (uint64_t)CPU_COUNT(&set);
	return larger(1, (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
}

unsigned int dmabuf_loader_default_populators(bool one_memfd, bool huge_pages)
{
	uint64_t processors = usable_processors();

	if (huge_pages)
		return (unsigned int)smaller(processors, MAX_POPULATORS_OF_HUGE_PAGES);
	if (one_memfd)
		processors /= PROCESSORS_PER_POPULATOR;
	return (unsigned int)larger(1, smaller(processors, MAX_DEFAULT_POPULATORS));
}

static bool has_huge_pages(const struct dmabuf_loader_options *options)
{
	return options->hugetlb_bytes || (!options->small_pages && memory_gives_huge_pages());
}

static unsigned int thread_count(unsigned int asked, unsigned int otherwise)
{
	return asked ? (unsigned int)smaller(asked, DMABUF_LOADER_MAX_THREADS) : otherwise;
}

unsigned int options_readers(const struct dmabuf_loader_options *options)
{
	return thread_count(options->readers, dmabuf_loader_default_readers());
}

unsigned int options_populators(const struct dmabuf_loader_options *options)
{
	return thread_count(options->populators,
			    dmabuf_loader_default_populators(options->one_memfd, has_huge_pages(options)));
}

/* Populating is then so short that handing over smaller gathers costs more than their overlap saves. */
uint64_t options_gather_bytes(const struct dmabuf_loader_options *options, uint64_t bytes)
{
	uint64_t gather = dmabuf_loader_default_gather_bytes(bytes);

	if (options->gather_bytes)
		return options->gather_bytes;
	return has_huge_pages(options) ? larger(gather, smaller(LEAST_HUGE_GATHER_BYTES, bytes / 4)) : gather;
}

int options_check(const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error)
{
	uint64_t page = options->hugetlb_bytes;

	if (page && (page & (page - 1) || page <= page_bytes()))
		return load_failed(error, EINVAL, "a hugetlb page of %" PRIu64 " bytes cannot be", page);
	if (!dmabuf_loader_memory_name(options->memory))
		return load_failed(error, EINVAL, "there is no memory of kind %d", (int)options->memory);
	if ((page || options->one_memfd) && options->memory != DMABUF_LOADER_AUTO && !is_shared_memory(options->memory))
		return load_failed(error, EINVAL, "%s has no memfd and no hugetlb pages",
				   dmabuf_loader_memory_name(options->memory));
	return 0;
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

static int create_memory(struct loading *loading, struct dmabuf_loader_error *error)
{
	const struct dmabuf_loader_options *options = loading->options;
	struct memory_layout layout = {
		.bytes = source_rounded(&loading->source, loading->bytes),
		.huge_pages = !options->small_pages,
		.hugetlb_bytes = options->hugetlb_bytes,
	};
	loading->gather_bytes =
		gather_rounded(options_gather_bytes(options, loading->bytes), loading->source.align_bytes);
	loading->populators = options_populators(options);
	if (!options->one_memfd)
		layout.part_bytes =
			memory_part_bytes(layout.bytes, gather_slice_bytes(loading->gather_bytes, loading->populators),
					  layout.huge_pages);
	return memory_create(&loading->memory, &layout, error);
}

/* The file in any way at first: what reads it, and how, is chosen by its size. */
static int choose(struct loading *loading, const char *path, struct dmabuf_loader_error *error)
{
	if (check_regular(path, error) || source_open(&loading->source, path, false, error) ||
	    find_size(loading, loading->options->bytes, error) || options_check(loading->options, error))
		return -1;
	return choice_make(loading->options, round_up(loading->bytes, page_bytes()), &loading->devices,
			   &loading->choice, error);
}

static int open_as_asked(struct loading *loading, struct dmabuf_loader_error *error)
{
	struct source again;

	if (source_open_again(&again, loading->source.fd, !loading->options->buffered, error))
		return -1;
	source_close(&loading->source);
	loading->source = again;
	return 0;
}

static int create_dmabuf(void *context, struct dmabuf_loader_error *error)
{
	struct loading *loading = context;

	loading->times.create_start_ns = now_ns();
	loading->dmabuf = udmabuf_create(loading->devices.udmabuf, &loading->memory, error);
	loading->times.create_end_ns = now_ns();
	return loading->dmabuf < 0 ? -1 : 0;
}

static int fill(struct loading *loading, struct dmabuf_loader_error *error)
{
	const struct dmabuf_loader_options *options = loading->options;
	struct gather_job job = {
		.source = &loading->source,
		.memory = &loading->memory,
		.bytes = loading->bytes,
		.gather_bytes = loading->gather_bytes,
		.readers = options_readers(options),
		.populators = loading->populators,
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

static int load_into_udmabuf(struct loading *loading, struct dmabuf_loader_error *error)
{
	if (open_as_asked(loading, error) || create_memory(loading, error))
		return -1;
	loading->times.open_ns = now_ns();
	if (memory_map(&loading->memory, error))
		return -1;
	loading->times.map_ns = now_ns();
	if (fill(loading, error))
		return -1;
	loading->memfd = memory_keep_file(&loading->memory, loading->options->one_memfd);
	return 0;
}

/* Its ioctl allocates and reads side by side, and tells when; a task's buffers are allocated before they are read into. */
static int load_by_module(struct loading *loading, struct dmabuf_loader_error *error)
{
	struct lab_module_load load = {
		.bytes = loading->bytes,
		.gather_bytes = loading->options->gather_bytes,
		.readers = options_readers(loading->options),
		.gathers = loading->options->gathers,
	};

	if (open_as_asked(loading, error))
		return -1;
	load.file = loading->source.fd;
	loading->dmabuf = lab_module_load(loading->devices.module, &load, error);
	if (loading->dmabuf < 0)
		return -1;
	loading->memory.bytes = round_up(loading->bytes, page_bytes());
	loading->memory.address = dmabuf_map(loading->dmabuf, loading->memory.bytes, PROT_READ | PROT_WRITE, error);
	return loading->memory.address ? 0 : -1;
}

static void describe(const struct loading *loading, struct dmabuf_loader_buffer *buffer)
{
	*buffer = (struct dmabuf_loader_buffer){
		.dmabuf_fd = loading->dmabuf,
		.memfd = loading->memfd,
		.address = loading->memory.address,
		.bytes = loading->bytes,
		.mapped_bytes = loading->memory.bytes,
		.memory = loading->choice.memory,
	};
	memcpy(buffer->why, loading->choice.why, sizeof(buffer->why));
}

static void undo(struct loading *loading)
{
	if (loading->dmabuf >= 0)
		close(loading->dmabuf);
	memory_free(&loading->memory);
}

/* What overlaps only as a task does. */
static int load_by_task(struct loading *loading, struct dmabuf_loader_buffer *buffer, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_buffer made = DMABUF_LOADER_NO_BUFFER;
	struct dmabuf_loader_range whole = { .bytes = loading->bytes };
	struct dmabuf_loader_plan plan = { loading->source.fd, &whole, 1, &made, 1 };
	struct dmabuf_loader_task *task;

	made.bytes = loading->bytes;
	task = task_start(&plan, loading->options, &loading->choice, &loading->devices, error);
	if (!task || dmabuf_loader_finish(task, error))
		return -1;
	*buffer = made;
	return 0;
}

static int load(struct loading *loading, struct dmabuf_loader_buffer *buffer, struct dmabuf_loader_error *error)
{
	bool is_module = loading->choice.memory == DMABUF_LOADER_MODULE;

	if (!is_module && loading->choice.memory != DMABUF_LOADER_UDMABUF)
		return load_by_task(loading, buffer, error);
	if (is_module ? load_by_module(loading, error) : load_into_udmabuf(loading, error)) {
		undo(loading);
		return -1;
	}
	describe(loading, buffer);
	return 0;
}

int dmabuf_loader_load(const char *path, const struct dmabuf_loader_options *options,
		       struct dmabuf_loader_buffer *buffer, struct dmabuf_loader_error *error)
{
	static const struct dmabuf_loader_options defaults;
	struct loading loading = {
		.options = options ? options : &defaults,
		.source.fd = -1,
		.devices = NO_DEVICES,
		.dmabuf = -1,
		.memfd = -1,
	};
	int result;

	loading.times.start_ns = now_ns();
	result = choose(&loading, path, error) || load(&loading, buffer, error) ? -1 : 0;
	loading.times.end_ns = result ? 0 : now_ns();
	source_close(&loading.source);
	devices_close(&loading.devices);
	if (loading.options->times)
		*loading.options->times = loading.times;
	if (loading.options->choice)
		*loading.options->choice = loading.choice;
	return result;
}

void dmabuf_loader_free(struct dmabuf_loader_buffer *buffer)
{
	static const struct dmabuf_loader_buffer none = DMABUF_LOADER_NO_BUFFER;

	if (buffer->dmabuf_fd >= 0)
		close(buffer->dmabuf_fd);
	if (buffer->address)
		munmap(buffer->address, buffer->mapped_bytes);
	if (buffer->memfd >= 0)
		close(buffer->memfd);
	*buffer = none;
}
