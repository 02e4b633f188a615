/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/aio_abi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "load/deep_read.h"
#include "loader/clock.h"
#include "loader/error.h"
#include "loader/rounding.h"
#include "loader/source.h"

#define MAX_DEPTH 256
#define SHORT_READ ENODATA

struct deep_read {
	struct source source;
	uint64_t bytes;
	uint64_t block_bytes;
	unsigned int depth;    /* of no more than there are blocks */
	char *blocks;	       /* depth blocks, populated; or all of them */
	bool whole;	       /* each block has a place of its own */
	_Atomic uint64_t next; /* of the threads: the next block to read */
	_Atomic int failed;    /* of the threads: an errno */
};

/* What of a block must be read: the last one reaches beyond the file, or beyond what was asked for. */
static uint64_t bytes_of_block(const struct deep_read *read, uint64_t block)
{
	return smaller(read->block_bytes, read->bytes - block * read->block_bytes);
}

static uint64_t block_count(const struct deep_read *read)
{
	return (read->bytes + read->block_bytes - 1) / read->block_bytes;
}

/* A direct read of the file's end asks for a whole block of the storage, and simply returns less. */
static uint64_t length_of_block(const struct deep_read *read, uint64_t block)
{
	return round_up(bytes_of_block(read, block), read->source.align_bytes);
}

/* @slot: which of those in flight it is. */
static char *place_of(const struct deep_read *read, uint64_t block, uint64_t slot)
{
	return read->blocks + (read->whole ? block : slot) * read->block_bytes;
}

static int submit(const struct deep_read *read, aio_context_t context, struct iocb *control, uint64_t block)
{
	control->aio_offset = (int64_t)(block * read->block_bytes);
	control->aio_nbytes = length_of_block(read, block);
	if (read->whole)
		control->aio_buf = (uintptr_t)place_of(read, block, 0);
	return syscall(SYS_io_submit, context, 1, &control) == 1 ? 0 : -1;
}

static int reap(const struct deep_read *read, aio_context_t context, uint64_t *next, uint64_t *done)
{
	struct io_event events[MAX_DEPTH];
	long count = syscall(SYS_io_getevents, context, 1, MAX_DEPTH, events, NULL);

	if (count < 0)
		return errno == EINTR ? 0 : -1;
	for (long i = 0; i < count; i++) {
		const struct iocb *control = (const struct iocb *)(uintptr_t)events[i].obj;
		uint64_t block = (uint64_t)control->aio_offset / read->block_bytes;

		if (events[i].res < (int64_t)bytes_of_block(read, block)) {
			errno = events[i].res < 0 ? (int)-events[i].res : SHORT_READ;
			return -1;
		}
		(*done)++;
		if (*next < block_count(read) &&
		    submit(read, context, (struct iocb *)(uintptr_t)events[i].obj, (*next)++))
			return -1;
	}
	return 0;
}

static int read_by_aio(const struct deep_read *read, aio_context_t context)
{
	struct iocb controls[MAX_DEPTH];
	uint64_t next = 0, done = 0;

	memset(controls, 0, sizeof(controls));
	while (next < read->depth) {
		struct iocb *control = &controls[next];

		control->aio_lio_opcode = IOCB_CMD_PREAD;
		control->aio_fildes = (uint32_t)read->source.fd;
		control->aio_buf = (uintptr_t)place_of(read, next, next);
		if (submit(read, context, control, next++))
			return -1;
	}
	while (done < block_count(read))
		if (reap(read, context, &next, &done))
			return -1;
	return 0;
}

struct worker {
	struct deep_read *read;
	pthread_t thread;
	unsigned int number;
};

static void *read_blocks(void *argument)
{
	struct worker *worker = argument;
	struct deep_read *read = worker->read;

	while (!atomic_load(&read->failed)) {
		uint64_t block = atomic_fetch_add(&read->next, 1);
		ssize_t got;

		if (block >= block_count(read))
			break;
		got = pread(read->source.fd, place_of(read, block, worker->number), length_of_block(read, block),
			    (off_t)(block * read->block_bytes));
		if (got < (ssize_t)bytes_of_block(read, block))
			atomic_store(&read->failed, got < 0 ? errno : SHORT_READ);
	}
	return NULL;
}

static int read_by_threads(struct deep_read *read)
{
	struct worker workers[MAX_DEPTH];
	unsigned int started;

	for (started = 0; started < read->depth; started++) {
		workers[started].read = read;
		workers[started].number = started;
		if (pthread_create(&workers[started].thread, NULL, read_blocks, &workers[started])) {
			atomic_store(&read->failed, EAGAIN);
			break;
		}
	}
	for (unsigned int i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	errno = read->failed;
	return read->failed ? -1 : 0;
}

static int run(struct deep_read *read, struct deep_read_result *result)
{
	aio_context_t context = 0;
	int64_t start;
	int code;

	/* A buffered read would be done by the time that io_submit() returns. */
	result->threads = !read->source.direct || syscall(SYS_io_setup, read->depth, &context) != 0;
	start = now_ns();
	code = result->threads ? read_by_threads(read) : read_by_aio(read, context);
	result->ns = now_ns() - start;
	result->bytes = read->bytes;
	if (!result->threads) {
		int number = errno;

		/* Also waits for what is in flight, so the blocks can be freed. */
		syscall(SYS_io_destroy, context);
		errno = number;
	}
	return code;
}

/*
 * Huge pages where there are any: blocks of scattered pages would measure how the memory lies, as each page that
 * adjoins no other is a segment of its own to the storage.
 */
static char *map_blocks(uint64_t bytes)
{
	char *blocks =
		mmap(NULL, bytes + bytes_of_huge_page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t before;

	if (blocks == MAP_FAILED)
		return NULL;
	before = round_up((uintptr_t)blocks, bytes_of_huge_page()) - (uintptr_t)blocks;
	if (before)
		munmap(blocks, before);
	munmap(blocks + before + bytes, bytes_of_huge_page() - before);
	blocks += before;
	(void)madvise(blocks, bytes, MADV_HUGEPAGE);
	/* Touched beforehand: the ceiling is the device's, without the cost of memory. */
	memset(blocks, 0, bytes);
	return blocks;
}

static int read_failed(const struct source *source, int number, struct dmabuf_loader_error *error)
{
	if (source_refuses(source, number))
		return source_refused(error, number);
	if (number == SHORT_READ)
		return load_refused(error, 0, "%s reads of the file come back short",
				    source->direct ? "direct" : "buffered");
	return load_failed(error, number, "reading the file for the ceiling failed");
}

int deep_read(const struct deep_read_task *task, struct deep_read_result *result, struct dmabuf_loader_error *error)
{
	struct deep_read read = { .bytes = task->bytes, .block_bytes = task->block_bytes };
	uint64_t room;
	int code = -1;

	/* A file of fewer blocks has no more in flight: room for others would be zeroed for nothing. */
	read.depth = (unsigned int)smaller(task->depth, block_count(&read));
	room = read.block_bytes * read.depth;
	if (source_open(&read.source, task->path, task->direct, error))
		return -1;
	read.whole = task->into != NULL;
	read.blocks = read.whole ? task->into : map_blocks(room);
	if (!read.blocks) {
		load_failed(error, ENOMEM, "no memory for the blocks in flight");
	} else {
		code = run(&read, result);
		if (code)
			read_failed(&read.source, errno, error);
		if (!read.whole)
			munmap(read.blocks, room);
	}
	source_close(&read.source);
	return code;
}
