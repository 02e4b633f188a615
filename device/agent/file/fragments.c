/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file/fragments.h"
#include "file/own_files.h"
#include "loader/rounding.h"

/* Whole blocks of any file system, and well below the mean of a fragmented file (file_state.c). */
#define LEAST_PIECE_BYTES (64ULL << 10)
#define MOST_PIECE_BYTES (512ULL << 10)
/* As many as say something, and no more than can be made in a moment. */
#define PIECES 256

/* They never write a block in place, so that reserving says nothing of where the content will lie. */
static bool writes_elsewhere(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && (status.f_type == F2FS_SUPER_MAGIC || status.f_type == BTRFS_SUPER_MAGIC);
}

/* Reserves the file twice in one run and takes every second piece out again; the others stay where they are. */
static int reserve_apart(int fd, uint64_t piece, uint64_t bytes)
{
	uint64_t pieces = (bytes + piece - 1) / piece;

	if (fallocate(fd, 0, 0, (off_t)(2 * pieces * piece)))
		return -1;
	/* The last first, so that few extents move with each; what lies at the very end cannot be collapsed. */
	if (ftruncate(fd, (off_t)((2 * pieces - 1) * piece)))
		return -1;
	for (uint64_t i = pieces - 1; i > 0; i--)
		if (fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, (off_t)((2 * i - 1) * piece), (off_t)piece))
			return -1;
	return 0;
}

static int open_spacer(const char *folder)
{
	char path[PATH_MAX];
	int fd = own_file_create(path, sizeof(path), folder, "spacer");

	if (fd >= 0)
		unlink(path);
	return fd;
}

int fragments_begin(struct fragments *fragments, int fd, const char *folder, uint64_t bytes)
{
	uint64_t piece = round_up(bytes / PIECES + 1, LEAST_PIECE_BYTES);

	fragments->piece_bytes = smaller(piece, MOST_PIECE_BYTES);
	fragments->spacer = -1;
	if (!writes_elsewhere(fd))
		return reserve_apart(fd, fragments->piece_bytes, bytes);
	fragments->spacer = open_spacer(folder);
	return fragments->spacer < 0 ? -1 : 0;
}

int fragments_part(const struct fragments *fragments, int fd)
{
	static const char spacer[MOST_PIECE_BYTES];

	if (fragments->spacer < 0)
		return 0;
	if (fdatasync(fd))
		return -1;
	return write(fragments->spacer, spacer, fragments->piece_bytes) == (ssize_t)fragments->piece_bytes ?
		       fdatasync(fragments->spacer) :
		       -1;
}

void fragments_end(struct fragments *fragments)
{
	if (fragments->spacer >= 0)
		close(fragments->spacer);
	fragments->spacer = -1;
}
