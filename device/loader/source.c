/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "rounding.h"
#include "source.h"

/* Where the kernel does not tell the alignment: no block of a disk in use is larger. */
#define FALLBACK_ALIGN_BYTES 4096

/* One system call reads no more than this: a read cannot be interrupted, and a killed process must go at once. */
#define READ_STEP_BYTES (128ULL << 20)

/* Of Linux 6.15: newer than the headers that the loader must compile with. */
#define DIO_READ_ALIGN_MASK 0x00020000U
#define DIO_READ_ALIGN_AT 0xb4

struct direct_align direct_align_of(int fd)
{
	struct direct_align align = { 0 };
#ifdef STATX_DIOALIGN
	struct statx status;

	memset(&status, 0, sizeof(status));
	if (statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN | DIO_READ_ALIGN_MASK, &status))
		return align;
	if (status.stx_mask & STATX_DIOALIGN) {
		align.told = true;
		align.memory_bytes = status.stx_dio_mem_align;
		align.offset_bytes = status.stx_dio_offset_align;
	}
	if (status.stx_mask & DIO_READ_ALIGN_MASK) {
		align.read_told = true;
		memcpy(&align.read_offset_bytes, (const char *)&status + DIO_READ_ALIGN_AT,
		       sizeof(align.read_offset_bytes));
	}
#else
	(void)fd;
#endif
	return align;
}

const char *why_no_direct_open(const char *path)
{
	struct statx status;

	/* erofs opens the others (fs/erofs/inode.c). */
	if (statx(AT_FDCWD, path, 0, STATX_TYPE, &status) == 0 && (status.stx_attributes & STATX_ATTR_COMPRESSED))
		return "this file system does not open compressed files with O_DIRECT";
	return "this file system does not open files with O_DIRECT";
}

int source_open(struct source *source, const char *path, bool direct, struct dmabuf_loader_error *error)
{
	uint64_t align;
	int number;

	source->direct = direct;
	source->align_bytes = 1;
	/* O_NONBLOCK: a FIFO must not hold the caller up; it means nothing to a regular file. */
	source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (direct ? O_DIRECT : 0));
	number = errno;
	if (source->fd < 0 && direct && (number == EINVAL || number == EPERM || number == EOPNOTSUPP))
		return load_refused(error, number, "%s", why_no_direct_open(path));
	if (source->fd < 0)
		return load_failed(error, number, "cannot open the file");
	if (direct) {
		align = direct_align_of(source->fd).offset_bytes;
		source->align_bytes = align ? align : FALLBACK_ALIGN_BYTES;
	}
	return 0;
}

int source_open_again(struct source *source, int fd, bool direct, struct dmabuf_loader_error *error)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return source_open(source, path, direct, error);
}

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}

uint64_t source_rounded(const struct source *source, uint64_t bytes)
{
	return round_up(round_up(bytes, source->align_bytes), page_bytes());
}

int source_ended(struct dmabuf_loader_error *error, uint64_t offset)
{
	return load_failed(error, 0, "the file ended at byte %" PRIu64 " while it was read", offset);
}

bool source_refuses(const struct source *source, int number)
{
	return source->direct && (number == EINVAL || number == EFAULT || number == EOPNOTSUPP);
}

int source_refused(struct dmabuf_loader_error *error, int number)
{
	if (number == EINVAL)
		return load_refused(error, number, "this file system refuses direct reads of the file");
	return load_refused(error, number, "this kernel cannot read directly into this buffer");
}

int source_read_failed(const struct source *source, int number, uint64_t offset, struct dmabuf_loader_error *error)
{
	if (source_refuses(source, number))
		return source_refused(error, number);
	return load_failed(error, number, "the read failed at byte %" PRIu64, offset);
}

/*
 * A direct read may stop inside a block where the file ends, and nowhere else. Some file systems in user space stop where
 * they like: then it goes on from the block's start, or where even a whole block does not come, from where it stopped.
 */
static int go_on(const struct source *source, uint64_t offset, uint64_t *done, uint64_t before,
		 struct dmabuf_loader_error *error)
{
	uint64_t aligned = *done / source->align_bytes * source->align_bytes;
	struct stat status;
	char next;
	ssize_t got;

	if (aligned > before) {
		*done = aligned;
		return 0;
	}
	if (fstat(source->fd, &status) == 0 && (uint64_t)status.st_size <= offset + *done)
		return source_ended(error, offset + *done);
	got = pread(source->fd, &next, 1, (off_t)(offset + *done));
	if (got == 0)
		return source_ended(error, offset + *done);
	if (got > 0)
		return 0;
	return load_refused(error, errno, "direct reads of the file come back short at byte %" PRIu64, offset + *done);
}

int source_read(const struct source *source, char *address, uint64_t offset, uint64_t bytes,
		struct dmabuf_loader_error *error)
{
	uint64_t done = 0;

	while (done < bytes) {
		uint64_t want = smaller(round_up(bytes - done, source->align_bytes), READ_STEP_BYTES);
		uint64_t before = done;
		ssize_t got = pread(source->fd, address + done, want, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return source_read_failed(source, errno, offset + done, error);
		if (got == 0)
			return source_ended(error, offset + done);
		done += (uint64_t)got;
		if (done < bytes && done % source->align_bytes && go_on(source, offset, &done, before, error))
			return -1;
	}
	memset(address + bytes, 0, round_up(bytes, source->align_bytes) - bytes);
	return 0;
}
