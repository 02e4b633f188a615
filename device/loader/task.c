/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
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
#include "options.h"
#include "pieces.h"
#include "rounding.h"
#include "target.h"
#include "task.h"
#include "udmabuf.h"

/* A load in the background. What its own thread and the readers share with callers is under @lock. */
struct dmabuf_loader_task {
	struct source source;
	struct fallback fallback;
	struct pieces pieces;
	struct target *targets; /* one per buffer */
	struct dmabuf_loader_buffer *buffers;
	size_t buffer_count;
	struct devices devices;
	struct dmabuf_loader_choice choice; /* of the memory of buffers that are made */
	int event;
	unsigned int readers;
	unsigned int populators;
	uint64_t gather_bytes;
	uint64_t part_bytes; /* of the buffers that are made; 0: each in one memfd */
	bool huge_pages;
	uint64_t hugetlb_bytes;
	struct dmabuf_loader_gather *records;
	struct dmabuf_loader_gather *own_records; /* where the caller wants none; freed */
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
static int populate_shared(const struct dmabuf_loader_task *task, struct gather_part part,
			   struct dmabuf_loader_error *error)
{
	const struct piece *piece = &task->pieces.all[part.gather];
	uint64_t first = piece->buffer_offset / page_bytes() * page_bytes();
	uint64_t end = round_up(piece->buffer_offset + piece->bytes, page_bytes());
	/* Cut where the memfds are, so that no two threads meet in one. */
	uint64_t part_bytes = gather_slice_bytes(task->gather_bytes, task->populators);
	uint64_t start = larger(first, round_down(first, part_bytes) + part.part * part_bytes);

	if (part.part + 1 < part.parts)
		end = smaller(end, round_down(first, part_bytes) + (part.part + 1) * part_bytes);
	if (start >= end)
		return 0;
	return memory_populate_in_use(&task->targets[piece->buffer].memory, start, end - start, error);
}

/* The one populating thread allocates a buffer when the first of its pieces, or the end, is reached. */
static int allocate_whole(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	struct target *target = &task->targets[at];
	struct dmabuf_loader_buffer *buffer = &task->buffers[at];
	int result;

	if (target->memory.address)
		return 0;
	result = target_allocate(target, round_up(buffer->bytes, page_bytes()), &task->devices, task->readers, error);
	buffer->dmabuf_fd = target->dmabuf;
	buffer->address = target->memory.address;
	buffer->mapped_bytes = target->memory.bytes;
	return result;
}

static int populate_piece(void *context, struct gather_part part, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_task *task = context;
	size_t buffer = task->pieces.all[part.gather].buffer;
	const struct target *target = &task->targets[buffer];

	if (refuse_when_cancelled(task, error))
		return -1;
	if (!target->made)
		return 0;
	return is_shared_memory(target->kind) ? populate_shared(task, part, error) :
						allocate_whole(task, buffer, error);
}

static int read_into(struct dmabuf_loader_task *task, struct target *target, struct target_read read,
		     struct dmabuf_loader_error *error)
{
	if (is_read_by_kernel(target->kind))
		return target_read_by_kernel(target, &task->devices, read, error);
	if (is_shared_memory(target->kind))
		return read_exactly(read.read, error);
	return target_read_through_mapping(target, read.read, &task->fallback, error);
}

static int read_piece(void *context, uint64_t at, unsigned int reader, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_task *task = context;
	const struct piece *piece = &task->pieces.all[at];
	struct target *target = &task->targets[piece->buffer];
	struct target_read read = {
		.read = {
			.source = &task->source,
			.offset = piece->file_offset,
			.bytes = piece->bytes,
			.to = target->memory.address + piece->buffer_offset,
			.cancelled = &task->cancelled,
		},
		.buffer_offset = piece->buffer_offset,
		.reader = reader,
	};

	if (read_into(task, target, read, error))
		return -1;
	piece_is_read(task, at);
	return 0;
}

static int make_dmabuf(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_buffer *buffer = &task->buffers[at];
	struct target *target = &task->targets[at];

	if (refuse_when_cancelled(task, error))
		return -1;
	if (!is_shared_memory(target->kind))
		return allocate_whole(task, at, error);
	if (task->devices.udmabuf >= 0) {
		target->dmabuf = udmabuf_create(task->devices.udmabuf, &target->memory, error);
		if (target->dmabuf < 0)
			return -1;
		buffer->dmabuf_fd = target->dmabuf;
	}
	buffer->memfd = memory_keep_file(&target->memory, !task->part_bytes);
	return 0;
}

/* Beside the last reads. What no range covers comes into memory here. */
static int make_dmabufs(void *context, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_task *task = context;

	for (size_t i = 0; i < task->buffer_count; i++)
		if (task->targets[i].made && make_dmabuf(task, i, error))
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

/* How the file got in, where the memory alone does not say. */
static void add_way(const struct dmabuf_loader_task *task, struct dmabuf_loader_buffer *buffer)
{
	size_t used = strlen(buffer->why), room = sizeof(buffer->why) - used;
	int refusal = atomic_load(&task->fallback.refusal);

	if (buffer->memory != DMABUF_LOADER_HEAP)
		return;
	errno = refusal;
	if (refusal)
		snprintf(buffer->why + used, room, "; read through the page cache, for O_DIRECT fails (%m)");
	else
		snprintf(buffer->why + used, room,
			 task->source.direct ? "; read with O_DIRECT" : "; read through the page cache");
}

static void explain_buffers(struct dmabuf_loader_task *task)
{
	for (size_t i = 0; i < task->buffer_count; i++) {
		if (!task->targets[i].made)
			continue;
		task->buffers[i].memory = task->choice.memory;
		memcpy(task->buffers[i].why, task->choice.why, sizeof(task->choice.why));
		add_way(task, &task->buffers[i]);
	}
}

static void end_targets(struct dmabuf_loader_task *task)
{
	for (size_t i = 0; task->targets && i < task->buffer_count; i++)
		target_end(&task->targets[i]);
}

static void *run(void *argument)
{
	struct dmabuf_loader_task *task = argument;
	struct dmabuf_loader_error error = { 0 };
	int result = load_pieces(task, &error);

	end_targets(task);
	if (!result)
		explain_buffers(task);
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

	end_targets(task);
	for (size_t i = 0; task->targets && i < task->buffer_count; i++) {
		struct dmabuf_loader_buffer *buffer = &task->buffers[i];
		uint64_t bytes = buffer->bytes;

		if (!task->targets[i].made)
			continue;
		if (buffer->memfd >= 0)
			close(buffer->memfd);
		target_discard(&task->targets[i]);
		*buffer = none;
		buffer->bytes = bytes;
	}
}

static void free_task(struct dmabuf_loader_task *task)
{
	source_close(&task->source);
	source_close(&task->fallback.cached);
	devices_close(&task->devices);
	if (task->event >= 0)
		close(task->event);
	pthread_cond_destroy(&task->changed);
	pthread_mutex_destroy(&task->lock);
	free(task->pieces.all);
	free(task->targets);
	free(task->own_records);
	free(task->read);
	free(task);
}

static struct dmabuf_loader_task *new_task(void)
{
	static const struct devices no_devices = NO_DEVICES;
	struct dmabuf_loader_task *task = calloc(1, sizeof(*task));
	pthread_condattr_t attributes;

	if (!task)
		return NULL;
	task->source.fd = -1;
	task->fallback.cached.fd = -1;
	task->devices = no_devices;
	task->event = -1;
	atomic_init(&task->cancelled, false);
	atomic_init(&task->fallback.refusal, 0);
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

static int make_shared_memory(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_buffer *buffer = &task->buffers[at];
	struct memory *memory = &task->targets[at].memory;
	struct memory_layout layout = {
		.bytes = round_up(buffer->bytes, page_bytes()),
		.part_bytes = task->part_bytes,
		.huge_pages = task->huge_pages,
		.hugetlb_bytes = task->hugetlb_bytes,
	};

	if (memory_create(memory, &layout, error) || memory_map(memory, error))
		return -1;
	buffer->address = memory->address;
	buffer->mapped_bytes = memory->bytes;
	return 0;
}

static int take_buffer(struct dmabuf_loader_task *task, size_t at, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_buffer *buffer = &task->buffers[at];
	struct target *target = &task->targets[at];

	target->dmabuf = -1;
	target->made = !buffer->address;
	if (!target->made)
		return target_take(target, buffer, &task->devices, error);
	target->kind = task->choice.memory;
	buffer->dmabuf_fd = -1;
	buffer->memfd = -1;
	if (!buffer->bytes)
		return load_failed(error, EINVAL, "buffer %zu has no bytes", at);
	return is_shared_memory(target->kind) ? make_shared_memory(task, at, error) : 0;
}

static int take_buffers(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
			struct dmabuf_loader_error *error)
{
	task->buffers = plan->buffers;
	task->targets = calloc(plan->buffer_count, sizeof(*task->targets));
	if (!task->targets)
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

static uint64_t largest_to_make(const struct dmabuf_loader_plan *plan)
{
	uint64_t bytes = 0;

	for (size_t at = 0; at < plan->buffer_count; at++)
		if (!plan->buffers[at].address)
			bytes = larger(bytes, round_up(plan->buffers[at].bytes, page_bytes()));
	return bytes;
}

static uint64_t bytes_to_read(const struct dmabuf_loader_plan *plan)
{
	uint64_t bytes = 0;

	for (size_t at = 0; at < plan->range_count; at++)
		bytes += plan->ranges[at].bytes;
	return bytes;
}

static void set_numbers(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
			const struct dmabuf_loader_options *options)
{
	uint64_t gather = options_gather_bytes(options, bytes_to_read(plan));

	task->readers = options_readers(options);
	/* Buffers in one piece are allocated one after the other. */
	task->populators = is_shared_memory(task->choice.memory) ? options_populators(options) : 1;
	task->gather_bytes = gather_rounded(gather, task->source.align_bytes);
	task->huge_pages = !options->small_pages;
	task->hugetlb_bytes = options->hugetlb_bytes;
	/* Of all buffers together, for all their memfds are open at once. */
	if (is_shared_memory(task->choice.memory) && !options->one_memfd)
		task->part_bytes =
			memory_part_bytes(bytes_to_make(plan), gather_slice_bytes(task->gather_bytes, task->populators),
					  task->huge_pages);
}

static enum dmabuf_loader_memory memory_of(const struct dmabuf_loader_task *task,
					   const struct dmabuf_loader_buffer *buffer)
{
	return buffer->address ? buffer->memory : task->choice.memory;
}

/* How many of the buffers are read into through a mapping whose pages nobody knows. */
static size_t count_unknown_pages(const struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan)
{
	size_t count = 0;

	for (size_t at = 0; at < plan->buffer_count; at++) {
		enum dmabuf_loader_memory memory = memory_of(task, &plan->buffers[at]);

		count += !is_shared_memory(memory) && !is_read_by_kernel(memory);
	}
	return count;
}

/* Such mappings need no O_DIRECT of the file system either; other buffers do. */
static int open_sources(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
			const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error)
{
	size_t unknown = options->buffered ? 0 : count_unknown_pages(task, plan);

	if (unknown && source_open_again(&task->fallback.cached, plan->file_fd, false, error))
		return -1;
	if (source_open_again(&task->source, plan->file_fd, !options->buffered, error) == 0)
		return 0;
	if (!error->refused || !unknown || unknown < plan->buffer_count)
		return -1;
	atomic_store(&task->fallback.refusal, error->error);
	return source_open_again(&task->source, plan->file_fd, false, error);
}

static int choose_memory(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
			 const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error)
{
	uint64_t bytes = largest_to_make(plan);
	bool is_open = !bytes || task->choice.memory != DMABUF_LOADER_AUTO;
	int result = is_open ? 0 : choice_make(options, bytes, &task->devices, &task->choice, error);

	if (options->choice)
		*options->choice = task->choice;
	return result;
}

static int make_records(struct dmabuf_loader_task *task, const struct dmabuf_loader_options *options,
			struct dmabuf_loader_error *error)
{
	if (!options->gathers)
		task->own_records = calloc(task->pieces.count, sizeof(*task->own_records));
	task->records = options->gathers ? options->gathers : task->own_records;
	task->read = calloc(task->pieces.count, sizeof(*task->read));
	return task->records && task->read ? 0 : load_failed(error, ENOMEM, "no memory for the gather records");
}

static int prepare(struct dmabuf_loader_task *task, const struct dmabuf_loader_plan *plan,
		   const struct dmabuf_loader_options *options, struct dmabuf_loader_error *error)
{
	uint64_t file_bytes = 0, align_bytes;

	if (find_file_bytes(plan->file_fd, &file_bytes, error) || ranges_check(plan, file_bytes, error) ||
	    options_check(options, error) || choose_memory(task, plan, options, error) ||
	    open_sources(task, plan, options, error))
		return -1;
	set_numbers(task, plan, options);
	task->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (task->event < 0)
		return load_failed(error, errno, "cannot make an eventfd");
	/* What the kernel reads is whole pages. */
	align_bytes =
		is_read_by_kernel(task->choice.memory) ? source_rounded(&task->source, 1) : task->source.align_bytes;
	if (pieces_cut(&task->pieces, plan, task->gather_bytes, align_bytes, error) || take_buffers(task, plan, error))
		return -1;
	return make_records(task, options, error);
}

struct dmabuf_loader_task *task_start(const struct dmabuf_loader_plan *plan,
				      const struct dmabuf_loader_options *options,
				      const struct dmabuf_loader_choice *chosen, struct devices *opened,
				      struct dmabuf_loader_error *error)
{
	static const struct devices none = NO_DEVICES;
	struct dmabuf_loader_task *task = new_task();
	int number;

	if (!task) {
		load_failed(error, ENOMEM, "no memory for the task");
		return NULL;
	}
	if (chosen) {
		task->choice = *chosen;
		task->devices = *opened;
		*opened = none;
	}
	if (prepare(task, plan, options, error) == 0) {
		number = pthread_create(&task->thread, NULL, run, task);
		if (!number)
			return task;
		load_failed(error, number, "cannot start the task's thread");
	}
	discard_buffers(task);
	free_task(task);
	return NULL;
}

struct dmabuf_loader_task *dmabuf_loader_start(const struct dmabuf_loader_plan *plan,
					       const struct dmabuf_loader_options *options,
					       struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_options used = { 0 };

	if (options)
		used = *options;
	used.gathers = NULL;
	return task_start(plan, &used, NULL, NULL, error);
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
