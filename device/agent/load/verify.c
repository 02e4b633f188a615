/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "file/content.h"
#include "file/page_cache.h"
#include "load/verify.h"
#include "loader/error.h"
#include "loader/rounding.h"

#define STEP_BYTES (1ULL << 20)

static int wrong_byte(struct dmabuf_loader_error *error, uint64_t offset, unsigned char expected, char found)
{
	return load_failed(error, 0, "wrong byte at offset %" PRIu64 ": expected %u, found %u", offset, expected,
			   (unsigned char)found);
}

int verify_seed(const char *loaded, uint64_t seed, uint64_t bytes, struct dmabuf_loader_error *error)
{
	uint64_t wrong = content_compare(loaded, seed, 0, bytes);

	if (wrong == CONTENT_FITS)
		return 0;
	return wrong_byte(error, wrong, content_byte(seed, wrong), loaded[wrong]);
}

static uint64_t first_difference(const char *left, const char *right, uint64_t bytes)
{
	uint64_t at = 0;

	if (memcmp(left, right, bytes) == 0)
		return bytes;
	while (left[at] == right[at])
		at++;
	return at;
}

static int compare_with_file(const char *loaded, int fd, uint64_t bytes, struct dmabuf_loader_error *error)
{
	static char step[STEP_BYTES];
	uint64_t offset = 0;

	while (offset < bytes) {
		ssize_t got = pread(fd, step, smaller(STEP_BYTES, bytes - offset), (off_t)offset);
		uint64_t at;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return load_failed(error, errno, "cannot read the file again to verify the load");
		if (got == 0)
			return load_failed(error, 0, "the file ended at byte %" PRIu64 " while it was verified",
					   offset);
		at = first_difference(step, loaded + offset, (uint64_t)got);
		if (at < (uint64_t)got)
			return wrong_byte(error, offset + at, (unsigned char)step[at], loaded[offset + at]);
		offset += (uint64_t)got;
	}
	return 0;
}

int verify_file(const char *loaded, int fd, uint64_t bytes, struct dmabuf_loader_error *error)
{
	int result = compare_with_file(loaded, fd, bytes, error);

	drop_file_cache(fd);
	return result;
}
