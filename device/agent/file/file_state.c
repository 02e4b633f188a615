/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file/file_state.h"
#include "file/page_cache.h"
#include "loader/rounding.h"

#define EXTENTS_AT_ONCE 128
#define SAMPLE_PIECES 64
#define PIECE_BYTES (16U << 10)
#define PAGE 4096U
#define SAMPLED_PAGES (SAMPLE_PIECES * PIECE_BYTES / PAGE)

/* What order-0 statistics still call random, with the error of so small a sample; weights of a model have less. */
#define LEAST_RANDOM_MILLIBITS 7500
#define MOST_REPEATED_PERCENT 10
/* Fewer bytes never show all 256 values evenly, random as they may be. */
#define LEAST_COUNTED_BYTES 1024

/* Smaller pieces than this on average cost a storage more than their transfer does. */
#define LEAST_MEAN_PIECE_BYTES (1LL << 20)

struct extent_list {
	struct fiemap map;
	struct fiemap_extent extents[EXTENTS_AT_ONCE];
};

/* The extents from an offset on; the map's flag is cleared so that nothing is written back for it. */
static int64_t map_from(int fd, uint64_t offset, struct extent_list *list)
{
	memset(&list->map, 0, sizeof(list->map));
	list->map.fm_start = offset;
	list->map.fm_length = FIEMAP_MAX_OFFSET - offset;
	list->map.fm_extent_count = EXTENTS_AT_ONCE;
	return ioctl(fd, FS_IOC_FIEMAP, &list->map) ? -1 : (int64_t)list->map.fm_mapped_extents;
}

/* What of an extent lies within the file. */
static int64_t length_within(const struct fiemap_extent *extent, uint64_t bytes)
{
	return extent->fe_logical >= bytes ? 0 : (int64_t)smaller(extent->fe_length, bytes - extent->fe_logical);
}

static void add_extent(struct file_state *state, const struct fiemap_extent *extent, uint64_t *next_physical)
{
	int64_t length = length_within(extent, (uint64_t)state->bytes);

	state->extents++;
	state->pieces += extent->fe_physical != *next_physical;
	*next_physical = extent->fe_physical + extent->fe_length;
	state->hole_bytes -= length;
	if (extent->fe_flags & FIEMAP_EXTENT_UNWRITTEN)
		state->unwritten_bytes += length;
	state->compressed |=
		(extent->fe_flags & FIEMAP_EXTENT_ENCODED) && !(extent->fe_flags & FIEMAP_EXTENT_DATA_ENCRYPTED);
	state->encrypted |= (extent->fe_flags & FIEMAP_EXTENT_DATA_ENCRYPTED) != 0;
	state->has_inline |= (extent->fe_flags & (FIEMAP_EXTENT_DATA_INLINE | FIEMAP_EXTENT_DATA_TAIL)) != 0;
	state->shared |= (extent->fe_flags & FIEMAP_EXTENT_SHARED) != 0;
}

/* Returns false where the file system does not tell. */
static bool find_extents(int fd, struct file_state *state)
{
	static struct extent_list list;
	uint64_t offset = 0, next_physical = UINT64_MAX;
	bool last = false;

	while (!last) {
		int64_t count = map_from(fd, offset, &list);

		if (count < 0)
			return false;
		for (int64_t i = 0; i < count; i++) {
			const struct fiemap_extent *extent = &list.extents[i];

			add_extent(state, extent, &next_physical);
			offset = extent->fe_logical + extent->fe_length;
			last = extent->fe_flags & FIEMAP_EXTENT_LAST;
		}
		last |= count == 0;
	}
	return true;
}

/* What every file system answers that has holes at all: one without says that all is data. */
static int64_t hole_bytes_by_seek(int fd, int64_t bytes)
{
	int64_t holes = 0;
	off_t at = 0;

	while (at < bytes) {
		off_t data = lseek(fd, at, SEEK_DATA);

		/* ENXIO: nothing but a hole from here on. */
		if (data < 0)
			return holes + bytes - at;
		holes += data - at;
		at = lseek(fd, data, SEEK_HOLE);
		if (at < 0)
			return -1;
	}
	return holes;
}

/*
 * Where the attribute is no more than a wish: ext4 keeps it and never compresses, btrfs compresses what it finds worth
 * it. There the extents alone tell.
 */
static bool only_wishes_compression(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && (status.f_type == EXT4_SUPER_MAGIC || status.f_type == BTRFS_SUPER_MAGIC);
}

static void find_attributes(int fd, struct file_state *state)
{
	struct statx status;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status))
		return;
	state->bytes = (int64_t)status.stx_size;
	state->allocated_bytes = (int64_t)status.stx_blocks * 512;
	state->compressed |= (status.stx_attributes & STATX_ATTR_COMPRESSED) && !only_wishes_compression(fd);
	state->encrypted |= (status.stx_attributes & STATX_ATTR_ENCRYPTED) != 0;
	state->verity |= (status.stx_attributes & STATX_ATTR_VERITY) != 0;
	state->immutable |= (status.stx_attributes & STATX_ATTR_IMMUTABLE) != 0;
}

/* What statx() has no attribute for, or did not tell on older kernels: the flags of chattr(1). */
static void find_flags(int fd, struct file_state *state)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return;
	state->compressed |= (flags & FS_COMPR_FL) && !only_wishes_compression(fd);
	state->encrypted |= (flags & FS_ENCRYPT_FL) != 0;
	state->verity |= (flags & FS_VERITY_FL) != 0;
	state->has_inline |= (flags & FS_INLINE_DATA_FL) != 0;
	state->immutable |= (flags & FS_IMMUTABLE_FL) != 0;
	state->journalled |= (flags & FS_JOURNAL_DATA_FL) != 0;
}

/* FNV-1a: pages that differ and hash alike are rarer than anything that this is asked for. */
static uint64_t hash_of(const unsigned char *page)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < PAGE; i++)
		hash = (hash ^ page[i]) * 0x100000001b3ULL;
	return hash;
}

static bool is_known(uint64_t hash, const uint64_t *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (hashes[i] == hash)
			return true;
	return false;
}

static int64_t entropy_millibits(const uint64_t counts[256], uint64_t sum)
{
	double bits = 0;

	for (size_t value = 0; value < 256; value++)
		if (counts[value])
			bits += (double)counts[value] * log2((double)sum / (double)counts[value]);
	return (int64_t)(bits * 1000 / (double)sum + 0.5);
}

/* Pieces at even distances, from the first byte on. */
static void look_at_content(int fd, struct file_state *state)
{
	static unsigned char piece[PIECE_BYTES];
	static uint64_t hashes[SAMPLED_PAGES];
	uint64_t counts[256] = { 0 }, sum = 0;
	uint64_t stride = larger((uint64_t)state->bytes / SAMPLE_PIECES / PAGE * PAGE, PIECE_BYTES);
	size_t pages = 0, repeated = 0;

	for (uint64_t i = 0; i < SAMPLE_PIECES && i * stride < (uint64_t)state->bytes; i++) {
		ssize_t got = pread(fd, piece, sizeof(piece), (off_t)(i * stride));

		for (ssize_t at = 0; at < got; at++)
			counts[piece[at]]++;
		sum += got > 0 ? (uint64_t)got : 0;
		for (ssize_t at = 0; at + (ssize_t)PAGE <= got; at += PAGE) {
			uint64_t hash = hash_of(piece + at);

			repeated += is_known(hash, hashes, pages);
			hashes[pages++] = hash;
		}
	}
	state->entropy_millibits = sum >= LEAST_COUNTED_BYTES ? entropy_millibits(counts, sum) : -1;
	state->repeated_percent = pages ? (int64_t)(repeated * 100 / pages) : -1;
}

void file_state_find(int fd, struct file_state *state)
{
	memset(state, 0, sizeof(*state));
	find_attributes(fd, state);
	find_flags(fd, state);
	state->hole_bytes = state->bytes;
	if (!find_extents(fd, state)) {
		state->extents = -1;
		state->unwritten_bytes = -1;
		state->hole_bytes = hole_bytes_by_seek(fd, state->bytes);
	}
	/* f2fs keeps the blocks that a compressed cluster saved reserved: the file has them nowhere. */
	if (state->compressed)
		state->unwritten_bytes = -1;
	look_at_content(fd, state);
	drop_file_cache(fd);
}

bool file_state_is_fragmented(const struct file_state *state)
{
	return !state->compressed && state->pieces > 1 && state->bytes / state->pieces < LEAST_MEAN_PIECE_BYTES;
}

bool file_state_is_compressible(const struct file_state *state)
{
	return (state->entropy_millibits >= 0 && state->entropy_millibits < LEAST_RANDOM_MILLIBITS) ||
	       state->repeated_percent > MOST_REPEATED_PERCENT;
}

bool file_is_inline_at(int fd, uint64_t offset)
{
	struct {
		struct fiemap map;
		struct fiemap_extent extent;
	} at = { .map = { .fm_start = offset, .fm_length = 1, .fm_extent_count = 1 } };

	if (ioctl(fd, FS_IOC_FIEMAP, &at) || at.map.fm_mapped_extents == 0)
		return false;
	return at.extent.fe_logical <= offset &&
	       (at.extent.fe_flags & (FIEMAP_EXTENT_DATA_INLINE | FIEMAP_EXTENT_DATA_TAIL));
}

int64_t file_extent_count(int fd)
{
	struct fiemap map = { .fm_length = FIEMAP_MAX_OFFSET };

	return ioctl(fd, FS_IOC_FIEMAP, &map) ? -1 : (int64_t)map.fm_mapped_extents;
}
