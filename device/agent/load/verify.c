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

int verify_seed(const struct loaded_part *part, uint64_t seed, struct dmabuf_loader_error *error)
{
	uint64_t wrong = content_compare(part->at, seed, part->offset, part->bytes);

	if (wrong == CONTENT_FITS)
		return 0;
	return wrong_byte(error, wrong, content_byte(seed, wrong), part->at[wrong - part->offset]);
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

static int compare_with_file(const struct loaded_part *part, int fd, struct dmabuf_loader_error *error)
{
	static char step[STEP_BYTES];
	uint64_t offset = part->offset, end = part->offset + part->bytes;

	while (offset < end) {
		ssize_t got = pread(fd, step, smaller(STEP_BYTES, end - offset), (off_t)offset);
		uint64_t at;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return load_failed(error, errno, "cannot read the file again to verify the load");
		if (got == 0)
			return load_failed(error, 0, "the file ended at byte %" PRIu64 " while it was verified",
					   offset);
		at = first_difference(step, part->at + (offset - part->offset), (uint64_t)got);
		if (at < (uint64_t)got)
			return wrong_byte(error, offset + at, (unsigned char)step[at],
					  part->at[offset - part->offset + at]);
		offset += (uint64_t)got;
	}
	return 0;
}

int verify_file(const struct loaded_part *part, int fd, struct dmabuf_loader_error *error)
{
	int result = compare_with_file(part, fd, error);

	drop_file_cache(fd);
	return result;
}
