/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "clock.h"
#include "error.h"
#include "gather.h"
#include "rounding.h"

/* Populating threads share a gather in pieces of whole huge pages of 2 MiB; larger ones would leave some without any. */
#define SLICE_STEP_BYTES (2ULL << 20)
/* Populating the first is not overlapped; below some MiB a read is done before the next can be in flight beside it. */
#define DEFAULT_GATHERS 8
#define LEAST_DEFAULT_GATHER_BYTES (4ULL << 20)

/*
 * Populators draw slices and readers draw gathers, each from a counter: the order is fixed and no lock is held
 * while anything is populated or read. The lock is for going to sleep: once per gather.
 */
struct gather_state {
	_Atomic uint32_t slices_left;
	atomic_bool ready; /* to be read; set after the last slice's time is recorded */
	/* Of the reader that sleeps until then: waking the others as well takes processors from who populates. */
	pthread_cond_t *wanted;
};

struct gather_run {
	const struct gather_job *job;
	uint64_t gathers;
	uint64_t slices_per_gather;
	uint64_t slice_bytes;
	_Atomic uint64_t next_slice;
	_Atomic uint64_t next_gather;
	atomic_bool stopped;
	struct gather_state *states; /* one per gather */
	pthread_mutex_t lock;
	pthread_cond_t wanted[DMABUF_LOADER_MAX_THREADS]; /* one per reader */
	struct dmabuf_loader_error error;
};

struct gather_thread {
	struct gather_run *run;
	pthread_t thread;
	uint32_t reader;
};

uint64_t dmabuf_loader_default_gather_bytes(uint64_t bytes)
{
	uint64_t share = round_up(bytes / DEFAULT_GATHERS, SLICE_STEP_BYTES);

	return smaller(larger(share, LEAST_DEFAULT_GATHER_BYTES), DMABUF_LOADER_DEFAULT_GATHER_BYTES);
}

uint64_t dmabuf_loader_gather_count(uint64_t bytes, uint64_t gather_bytes)
{
	uint64_t gather = gather_bytes ? gather_bytes : dmabuf_loader_default_gather_bytes(bytes);

	return (bytes + gather - 1) / gather;
}

uint64_t gather_rounded(uint64_t gather_bytes, uint64_t align_bytes)
{
	return round_up(round_up(gather_bytes, page_bytes()), align_bytes);
}

uint64_t gather_slice_bytes(uint64_t gather_bytes, unsigned int populators)
{
	return populators > 1 ? smaller(gather_bytes, round_up(gather_bytes / populators, SLICE_STEP_BYTES)) :
				gather_bytes;
}

static void publish(struct gather_run *run, uint64_t gather)
{
	run->job->gathers[gather].alloc_end_ns = now_ns();
	pthread_mutex_lock(&run->lock);
	atomic_store_explicit(&run->states[gather].ready, true, memory_order_release);
	if (run->states[gather].wanted)
		pthread_cond_signal(run->states[gather].wanted);
	pthread_mutex_unlock(&run->lock);
}

/* The first error wins; the others follow from it. */
static void stop(struct gather_run *run, const struct dmabuf_loader_error *error)
{
	pthread_mutex_lock(&run->lock);
	if (!atomic_load(&run->stopped))
		run->error = *error;
	atomic_store(&run->stopped, true);
	for (unsigned int reader = 0; reader < DMABUF_LOADER_MAX_THREADS; reader++)
		pthread_cond_signal(&run->wanted[reader]);
	pthread_mutex_unlock(&run->lock);
}

static bool is_ready(struct gather_run *run, uint64_t gather)
{
	return atomic_load_explicit(&run->states[gather].ready, memory_order_acquire);
}

static void wait_until_ready(struct gather_run *run, uint64_t gather, uint32_t reader)
{
	if (is_ready(run, gather))
		return;
	pthread_mutex_lock(&run->lock);
	run->states[gather].wanted = &run->wanted[reader];
	while (!is_ready(run, gather) && !atomic_load(&run->stopped))
		pthread_cond_wait(&run->wanted[reader], &run->lock);
	pthread_mutex_unlock(&run->lock);
}

static int populate_slice(struct gather_run *run, uint64_t slice, struct dmabuf_loader_error *error)
{
	const struct gather_job *job = run->job;
	uint64_t gather = slice / run->slices_per_gather;
	uint64_t within = slice % run->slices_per_gather;
	struct gather_part part = { gather, (uint32_t)within, (uint32_t)run->slices_per_gather };
	uint64_t start = gather * job->gather_bytes + smaller(within * run->slice_bytes, job->gather_bytes);
	uint64_t end = smaller(start + run->slice_bytes, (gather + 1) * job->gather_bytes);

	end = smaller(end, source_rounded(job->source, job->bytes));
	if (within == 0)
		job->gathers[gather].alloc_start_ns = now_ns();
	if (job->work ? job->work->allocate(job->context, part, error) :
			start < end && memory_populate(job->memory, start, end - start, error))
		return -1;
	if (atomic_fetch_sub_explicit(&run->states[gather].slices_left, 1, memory_order_acq_rel) == 1)
		publish(run, gather);
	return 0;
}

static void *populate_slices(void *argument)
{
	struct gather_run *run = ((struct gather_thread *)argument)->run;
	struct dmabuf_loader_error error;

	while (!atomic_load(&run->stopped)) {
		uint64_t slice = atomic_fetch_add(&run->next_slice, 1);

		if (slice >= run->gathers * run->slices_per_gather)
			break;
		if (populate_slice(run, slice, &error))
			stop(run, &error);
	}
	return NULL;
}

static int read_gather(struct gather_thread *thread, uint64_t gather, struct dmabuf_loader_error *error)
{
	const struct gather_job *job = thread->run->job;
	struct dmabuf_loader_gather *record = &job->gathers[gather];
	uint64_t start = gather * job->gather_bytes;
	int result;

	record->reader = thread->reader;
	record->read_start_ns = now_ns();
	if (job->work)
		result = job->work->read(job->context, gather, thread->reader, error);
	else
		result = source_read(job->source, job->memory->address + start, start,
				     smaller(job->gather_bytes, job->bytes - start), error);
	record->read_end_ns = now_ns();
	return result;
}

static void *read_gathers(void *argument)
{
	struct gather_thread *thread = argument;
	struct gather_run *run = thread->run;
	struct dmabuf_loader_error error;

	for (;;) {
		uint64_t gather = atomic_fetch_add(&run->next_gather, 1);
		int64_t wait_start = now_ns();

		if (gather >= run->gathers)
			break;
		wait_until_ready(run, gather, thread->reader);
		if (atomic_load(&run->stopped))
			break;
		run->job->gathers[gather].wait_start_ns = wait_start;
		if (read_gather(thread, gather, &error))
			stop(run, &error);
	}
	return NULL;
}

static unsigned int start_threads(struct gather_run *run, struct gather_thread *threads, unsigned int count,
				  void *(*work)(void *))
{
	struct dmabuf_loader_error error;
	unsigned int started;

	for (started = 0; started < count; started++) {
		int number;

		threads[started].run = run;
		threads[started].reader = started;
		number = pthread_create(&threads[started].thread, NULL, work, &threads[started]);
		if (number) {
			load_failed(&error, number, "cannot start a thread");
			stop(run, &error);
			break;
		}
	}
	return started;
}

static void join_threads(struct gather_thread *threads, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i].thread, NULL);
}

static void when_populated(struct gather_run *run)
{
	struct dmabuf_loader_error error;

	if (!run->job->populated || atomic_load(&run->stopped))
		return;
	if (run->job->populated(run->job->context, &error))
		stop(run, &error);
}

static void run_threads(struct gather_run *run)
{
	struct gather_thread readers[DMABUF_LOADER_MAX_THREADS];
	struct gather_thread populators[DMABUF_LOADER_MAX_THREADS];
	struct gather_thread self = { .run = run };
	unsigned int reading, populating;

	reading = start_threads(run, readers, (unsigned int)smaller(run->job->readers, run->gathers), read_gathers);
	populating = start_threads(run, populators, run->job->populators - 1, populate_slices);
	populate_slices(&self);
	join_threads(populators, populating);
	when_populated(run);
	join_threads(readers, reading);
}

static void cut_slices(struct gather_run *run)
{
	const struct gather_job *job = run->job;

	bool whole = job->work && !job->work->shared;

	run->slice_bytes = whole ? job->gather_bytes : gather_slice_bytes(job->gather_bytes, job->populators);
	run->slices_per_gather = (job->gather_bytes + run->slice_bytes - 1) / run->slice_bytes;
	for (uint64_t gather = 0; gather < run->gathers; gather++)
		atomic_init(&run->states[gather].slices_left, (uint32_t)run->slices_per_gather);
}

int gather_load(const struct gather_job *job, struct dmabuf_loader_error *error)
{
	struct gather_run run = {
		.job = job,
		.gathers = job->work && job->work->gathers ? job->work->gathers :
							     dmabuf_loader_gather_count(job->bytes, job->gather_bytes),
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};

	run.states = calloc(run.gathers, sizeof(*run.states));
	if (!run.states)
		return load_failed(error, ENOMEM, "no memory for the gather queue");
	for (unsigned int reader = 0; reader < DMABUF_LOADER_MAX_THREADS; reader++)
		pthread_cond_init(&run.wanted[reader], NULL);
	cut_slices(&run);
	run_threads(&run);
	for (unsigned int reader = 0; reader < DMABUF_LOADER_MAX_THREADS; reader++)
		pthread_cond_destroy(&run.wanted[reader]);
	free(run.states);
	if (!run.stopped)
		return 0;
	*error = run.error;
	return -1;
}
