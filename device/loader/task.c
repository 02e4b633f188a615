/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bounce.h"
#include "error.h"
#include "gather.h"
#include "memory.h"
#include "options.h"
#include "pieces.h"
#include "rounding.h"
#include "udmabuf.h"

/* A load in the background. What its own thread and the readers share with callers is under @lock. */
struct dmabuf_loader_task {
	struct source source;
	struct pieces pieces;
	struct memory *memories; /* one per buffer */
	bool *made;		 /* which of the buffers the task has to make */
	struct dmabuf_loader_buffer *buffers;
	size_t buffer_count;
	int device; /* /dev/udmabuf; -1: not needed */
	int event;
	unsigned int readers;
	unsigned int populators;
	uint64_t gather_bytes;
	uint64_t part_bytes; /* of the buffers that are made; 0: each in one memfd */
	bool huge_pages;
	uint64_t hugetlb_bytes;
	struct dmabuf_loader_gather *records;
	atomic_bool cancelled;
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool *read;	      /* which pieces are there */
	uint64_t in_order;    /* pieces that are there without a gap */
	uint64_t ready_bytes; /* of those */
	bool ended;
	int result;
	struct dmabuf_loader_error error;
};

static void announce(struct dmabuf_loader_task *task)
{
	uint64_t one = 1;

	pthread_cond_broadcast(&task->changed);
	/* A full counter is readable all the same. */
	if (write(task->event, &one, sizeof(one)) < 0)
		return;
}

static void piece_is_read(struct dmabuf_loader_task *task, uint64_t at)
{
	uint64_t before;

	pthread_mutex_lock(&task->lock);
	before = task->in_order;
	task->read[at] = true;
	while (task->in_order < task->pieces.count && task->read[task->in_order])
		task->ready_bytes += task->pieces.all[task->in_order++].bytes;
	if (task->in_order > before)
		announce(task);
	pthread_mutex_unlock(&task->lock);
}

static int refuse_when_cancelled(struct dmabuf_loader_task *task, struct dmabuf_loader_error *error)
{
	return atomic_load(&task->cancelled) ? load_failed(error, ECANCELED, "the load was cancelled") : 0;
}

/* Pages at the ends may hold what another range has put there, so populating must not overwrite. */
static int populate_piece(void *context, struct gather_part part, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_task *task = context;
	const struct piece *piece = &task->pieces.all[part.gather];
	uint64_t first = piece->buffer_offset / page_bytes() * page_bytes();
	uint64_t end = round_up(piece->buffer_offset + piece->bytes, page_bytes());
	/* Cut where the memfds are, so that no two threads meet in one. */
	uint64_t part_bytes = gather_slice_bytes(task->gather_bytes, task->populators);
	uint64_t start = larger(first, round_down(first, part_bytes) + part.part * part_bytes);

	if (part.part + 1 < part.parts)
		end = smaller(end, round_down(first, part_bytes) + (part.part + 1) * part_bytes);
	if (refuse_when_cancelled(task, error))
		return -1;
	if (!task->made[piece->buffer] || start >= end)
		return 0;
	return memory_populate_in_use(&task->memories[piece->buffer], start, end - start, error);
}

static int read_piece(void *context, uint64_t at, unsigned int reader, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_task *task = context;
	const struct piece *piece = &task->pieces.all[at];
	struct exact_read read = {
		.source = &task->source,
		.offset = piece->file_offset,
		.bytes = piece->bytes,
		.to = task->memories[piece->buffer].address + piece->buffer_offset,
		.cancelled = &task->cancelled,
	};

	(void)reader;
	if (read_exactly(read, error))
		return -1;
	piece_is_read(task, at);
	return 0;
}

static int make_dmabuf(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_buffer *buffer = &task->buffers[at];

	if (refuse_when_cancelled(task, error))
		return -1;
	if (task->device >= 0) {
		buffer->dmabuf_fd = udmabuf_create(task->device, &task->memories[at], error);
		if (buffer->dmabuf_fd < 0)
			return -1;
	}
	buffer->memfd = memory_keep_file(&task->memories[at], !task->part_bytes);
	return 0;
}

/* Beside the last reads. What no range covers comes into memory here. */
static int make_dmabufs(void *context, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_task *task = context;

	for (size_t i = 0; i < task->buffer_count; i++)
		if (task->made[i] && make_dmabuf(task, i, error))
			return -1;
	return 0;
}

static int load_pieces(struct dmabuf_loader_task *task, struct dmabuf_loader_error *error)
{
	struct gather_work work = {
		.allocate = populate_piece,
		.read = read_piece,
		.gathers = task->pieces.count,
		.shared = true,
	};
	struct gather_job job = {
		.source = &task->source,
		.bytes = task->pieces.bytes,
		.gather_bytes = task->gather_bytes,
		.readers = task->readers,
		.populators = task->populators,
		.gathers = task->records,
		.work = &work,
		.populated = make_dmabufs,
		.context = task,
	};

	return gather_load(&job, error);
}

static void *run(void *argument)
{
	struct dmabuf_loader_task *task = argument;
	struct dmabuf_loader_error error = { 0 };
	int result = load_pieces(task, &error);

	pthread_mutex_lock(&task->lock);
	task->result = result;
	task->error = error;
	task->ended = true;
	announce(task);
	pthread_mutex_unlock(&task->lock);
	return NULL;
}

/* Undoes what the task has made. */
static void discard_buffers(struct dmabuf_loader_task *task)
{
	static const struct dmabuf_loader_buffer none = DMABUF_LOADER_NO_BUFFER;

	for (size_t i = 0; task->memories && i < task->buffer_count; i++) {
		struct dmabuf_loader_buffer *buffer = &task->buffers[i];
		uint64_t bytes = buffer->bytes;

		if (!task->made[i])
			continue;
		if (buffer->dmabuf_fd >= 0)
			close(buffer->dmabuf_fd);
		if (buffer->memfd >= 0)
			close(buffer->memfd);
		memory_free(&task->memories[i]);
		*buffer = none;
		buffer->bytes = bytes;
	}
}

static void free_task(struct dmabuf_loader_task *task)
{
	source_close(&task->source);
	if (task->device >= 0)
		close(task->device);
	if (task->event >= 0)
		close(task->event);
	pthread_cond_destroy(&task->changed);
	pthread_mutex_destroy(&task->lock);
	free(task->pieces.all);
	free(task->memories);
	free(task->made);
	free(task->records);
	free(task->read);
	free(task);
}

static struct dmabuf_loader_task *new_task(void)
{
	struct dmabuf_loader_task *task = calloc(1, sizeof(*task));
	pthread_condattr_t attributes;

	if (!task)
		return NULL;
	task->source.fd = -1;
	task->device = -1;
	task->event = -1;
	atomic_init(&task->cancelled, false);
	pthread_mutex_init(&task->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&task->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return task;
}

static int find_file_bytes(int fd, uint64_t *bytes, struct dmabuf_loader_error *error)
{
	struct stat status;

	if (fstat(fd, &status))
		return load_failed(error, errno, "cannot look at the file");
	if (!S_ISREG(status.st_mode))
		return load_failed(error, EINVAL, "not a regular file");
	*bytes = (uint64_t)status.st_size;
	return 0;
}

static int make_memory(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_buffer *buffer = &task->buffers[at];
	struct memory *memory = &task->memories[at];
	struct memory_layout layout = {
		.bytes = round_up(buffer->bytes, page_bytes()),
		.part_bytes = task->part_bytes,
		.huge_pages = task->huge_pages,
		.hugetlb_bytes = task->hugetlb_bytes,
	};

	buffer->dmabuf_fd = -1;
	buffer->memfd = -1;
	if (!buffer->bytes)
		return load_failed(error, EINVAL, "buffer %zu has no bytes", at);
	if (task->device >= 0 && udmabuf_check_limit(layout.bytes, error))
		return -1;
	if (memory_create(memory, &layout, error) || memory_map(memory, error))
		return -1;
	buffer->address = memory->address;
	buffer->mapped_bytes = memory->bytes;
	return 0;
}

static int take_buffer(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	const struct dmabuf_loader_buffer *buffer = &task->buffers[at];

	task->made[at] = !buffer->address;
	if (task->made[at])
		return make_memory(task, at, error);
	/* The caller's: only its place counts. */
	task->memories[at] = (struct memory){ .address = buffer->address, .bytes = buffer->mapped_bytes };
	return 0;
}

static int take_buffers(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
			struct dmabuf_loader_error *error)
{
	task->buffers = plan->buffers;
	task->memories = calloc(plan->buffer_count, sizeof(*task->memories));
	task->made = calloc(plan->buffer_count, sizeof(*task->made));
	if (!task->memories || !task->made)
		return load_failed(error, ENOMEM, "no memory for the buffers");
	for (size_t at = 0; at < plan->buffer_count; at++) {
		/* Counted before it is whole, so that an error undoes it, too. */
		task->buffer_count = at + 1;
		if (take_buffer(task, at, error))
			return -1;
	}
	return 0;
}

static uint64_t bytes_to_make(const struct dmabuf_loader_plan *plan)
{
	uint64_t bytes = 0;

	for (size_t at = 0; at < plan->buffer_count; at++)
		if (!plan->buffers[at].address)
			bytes += round_up(plan->buffers[at].bytes, page_bytes());
	return bytes;
}

static unsigned int threads(unsigned int asked, unsigned int otherwise)
{
	return asked ? (unsigned int)smaller(asked, DMABUF_LOADER_MAX_THREADS) : otherwise;
}

static uint64_t bytes_to_read(const struct dmabuf_loader_plan *plan)
{
	uint64_t bytes = 0;

	for (size_t at = 0; at < plan->range_count; at++)
		bytes += plan->ranges[at].bytes;
	return bytes;
}

static void choose(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
		   const struct dmabuf_loader_options *options)
{
	uint64_t gather =
		options->gather_bytes ? options->gather_bytes : dmabuf_loader_default_gather_bytes(bytes_to_read(plan));

	task->readers = threads(options->readers, dmabuf_loader_default_readers());
	task->populators = options_populators(options);
	task->gather_bytes = gather_rounded(gather, task->source.align_bytes);
	task->huge_pages = !options->small_pages;
	task->hugetlb_bytes = options->hugetlb_bytes;
}

static int prepare(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
		   const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error)
{
	uint64_t bytes = bytes_to_make(plan);
	uint64_t file_bytes = 0;

	if (find_file_bytes(plan->file_fd, &file_bytes, error) || ranges_check(plan, file_bytes, error) ||
	    options_check(options, error) || source_open_again(&task->source, plan->file_fd, !options->buffered, error))
		return -1;
	choose(task, plan, options);
	/* Of all buffers together, for all their memfds are open at once. */
	if (bytes && !options->one_memfd)
		task->part_bytes = memory_part_bytes(bytes, gather_slice_bytes(task->gather_bytes, task->populators),
						     task->huge_pages);
	if (bytes && !options->memfd_only) {
		task->device = udmabuf_open(error);
		if (task->device < 0)
			return -1;
	}
	task->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (task->event < 0)
		return load_failed(error, errno, "cannot make an eventfd");
	if (pieces_cut(&task->pieces, plan, task->gather_bytes, task->source.align_bytes, error) ||
	    take_buffers(task, plan, error))
		return -1;
	task->records = calloc(task->pieces.count, sizeof(*task->records));
	task->read = calloc(task->pieces.count, sizeof(*task->read));
	return task->records && task->read ? 0 : load_failed(error, ENOMEM, "no memory for the gather records");
}

struct dmabuf_loader_task *dmabuf_loader_start(const struct dmabuf_loader_plan *plan,
					       const struct dmabuf_loader_options *options,
					       struct dmabuf_loader_error *error)
{
	static const struct dmabuf_loader_options defaults;
	struct dmabuf_loader_task *task = new_task();
	int number;

	if (!task) {
		load_failed(error, ENOMEM, "no memory for the task");
		return NULL;
	}
	if (prepare(task, plan, options ? options : &defaults, error) == 0) {
		number = pthread_create(&task->thread, NULL, run, task);
		if (!number)
			return task;
		load_failed(error, number, "cannot start the task's thread");
	}
	discard_buffers(task);
	free_task(task);
	return NULL;
}

uint64_t dmabuf_loader_ready_bytes(struct dmabuf_loader_task *task)
{
	uint64_t bytes;

	pthread_mutex_lock(&task->lock);
	bytes = task->ready_bytes;
	pthread_mutex_unlock(&task->lock);
	return bytes;
}

static struct timespec after_ms(int ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (ms % 1000) * 1000000L;
	if (at.tv_nsec >= 1000000000L) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000L;
	}
	return at;
}

static void unlock(void *lock)
{
	pthread_mutex_unlock(lock);
}

int dmabuf_loader_wait(struct dmabuf_loader_task *task, uint64_t bytes, int timeout_ms)
{
	struct timespec until = after_ms(timeout_ms < 0 ? 0 : timeout_ms);
	int result = 0;
	bool ready;

	pthread_mutex_lock(&task->lock);
	/* A thread that is cancelled while it waits has the lock again. */
	pthread_cleanup_push(unlock, &task->lock);
	while (task->ready_bytes < bytes && !task->ended && !result) {
		if (timeout_ms < 0)
			pthread_cond_wait(&task->changed, &task->lock);
		else
			result = pthread_cond_timedwait(&task->changed, &task->lock, &until);
	}
	ready = task->ready_bytes >= bytes;
	if (!ready)
		result = task->ended ? -1 : 1;
	pthread_cleanup_pop(1);
	return ready ? 0 : result;
}

int dmabuf_loader_event_fd(struct dmabuf_loader_task *task)
{
	return task->event;
}

void dmabuf_loader_cancel(struct dmabuf_loader_task *task)
{
	atomic_store(&task->cancelled, true);
}

int dmabuf_loader_finish(struct dmabuf_loader_task *task, struct dmabuf_loader_error *error)
{
	int result;

	pthread_join(task->thread, NULL);
	result = task->result;
	if (result) {
		*error = task->error;
		discard_buffers(task);
	}
	free_task(task);
	return result;
}
