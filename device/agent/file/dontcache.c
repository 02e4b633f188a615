/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <sys/uio.h>

#include "file/dontcache.h"
#include "loader/error.h"
#include "loader/rounding.h"

/* include/uapi/linux/fs.h, from 6.14 on; older headers do not have it. */
#ifndef RWF_DONTCACHE
#define RWF_DONTCACHE 0x80
#endif

#define STEP_BYTES (32ULL << 20)

int64_t dontcache_read(int fd, char *target, uint64_t bytes, uint64_t offset)
{
	struct iovec part = { .iov_base = target, .iov_len = smaller(bytes, STEP_BYTES) };

	return preadv2(fd, &part, 1, (off_t)offset, RWF_DONTCACHE);
}

int dontcache_failed(int number, uint64_t offset, struct dmabuf_loader_error *error)
{
	/* Kernels before 6.14, and file systems that do not know the flag; ENOSYS before 4.6. */
	if (number == EOPNOTSUPP || number == EINVAL || number == ENOSYS)
		return load_refused(
			error, number,
			"this kernel or file system has no reads that leave the page cache (RWF_DONTCACHE)");
	return load_failed(error, number, "the read failed at byte %" PRIu64, offset);
}
