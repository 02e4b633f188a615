/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bounce.h"
#include "error.h"
#include "rounding.h"

/* Large enough for a disk's queue, small enough to stay in a core's cache while it is copied. */
#define BOUNCE_BYTES (1ULL << 20)
/* A read cannot be interrupted, and who cancels does not want to wait for a whole gather. */
#define STEP_BYTES (32ULL << 20)

static uint64_t block_of(const struct exact_read *read)
{
	return read->source->align_bytes;
}

/* How much of what is left goes straight to its place; 0: the next bytes have to be bounced. */
static uint64_t straight_bytes(const struct exact_read *read)
{
	uint64_t block = block_of(read);

	if (!read->source->direct)
		return smaller(read->bytes, STEP_BYTES);
	if (read->all_bounced)
		return 0;
	/* Memory is mapped in pages, which are as aligned as any block; so its address tells. */
	if (read->offset % block || (uintptr_t)read->to % block)
		return 0;
	return smaller(read->bytes / block * block, STEP_BYTES);
}

static ssize_t read_at(const struct exact_read *read, void *to, uint64_t offset, uint64_t bytes,
		       struct dmabuf_loader_error *error)
{
	ssize_t got;

	do {
		if (atomic_load(read->cancelled))
			return load_failed(error, ECANCELED, "the load was cancelled");
		got = pread(read->source->fd, to, bytes, (off_t)offset);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return source_read_failed(read->source, errno, offset, error);
	return got;
}

/* Blocks around the next bytes, and those bytes out of them. */
static ssize_t read_bounced(const struct exact_read *read, char *bounce, struct dmabuf_loader_error *error)
{
	uint64_t skip = read->offset % block_of(read);
	uint64_t want = smaller(read->bytes, BOUNCE_BYTES - skip);
	ssize_t got = read_at(read, bounce, read->offset - skip, round_up(skip + want, block_of(read)), error);

	if (got < 0)
		return -1;
	if ((uint64_t)got <= skip)
		return 0;
	want = smaller(want, (uint64_t)got - skip);
	memcpy(read->to, bounce + skip, want);
	return (ssize_t)want;
}

/* What the next bytes need, and with them all that are left: those end in the same block, and begin later. */
static uint64_t bounce_bytes(const struct exact_read *read)
{
	return smaller(round_up(read->offset % block_of(read) + read->bytes, block_of(read)), BOUNCE_BYTES);
}

static ssize_t read_some(const struct exact_read *read, char **bounce, struct dmabuf_loader_error *error)
{
	uint64_t straight = straight_bytes(read);
	void *memory;

	if (straight)
		return read_at(read, read->to, read->offset, straight, error);
	if (!*bounce) {
		/* No larger than this read needs: thousands of small ranges would each map and unmap all of it. */
		if (posix_memalign(&memory, larger(page_bytes(), block_of(read)), bounce_bytes(read)))
			return load_failed(error, ENOMEM, "no memory to read a part of a block");
		*bounce = memory;
	}
	return read_bounced(read, *bounce, error);
}

int read_exactly(struct exact_read read, struct dmabuf_loader_error *error)
{
	char *bounce = NULL;
	int result = 0;

	while (read.bytes && !result) {
		ssize_t got = read_some(&read, &bounce, error);

		if (got < 0)
			result = -1;
		else if (got == 0)
			result = source_ended(error, read.offset);
		else {
			read.offset += (uint64_t)got;
			read.to += got;
			read.bytes -= (uint64_t)got;
		}
	}
	free(bounce);
	return result;
}
