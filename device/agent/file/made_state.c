/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "file/encryption.h"
#include "file/file_state.h"
#include "file/made_state.h"
#include "loader/rounding.h"
#include "protocol/failure.h"

/*
 * Four bits of each byte, and of each page the first quarter, which the rest repeats: whatever looks for matches or for
 * rare values finds them.
 */
#define PAGE 4096U
#define KEPT_OF_PAGE 1024U
#define KEPT_OF_BYTE 0x0f

/* The verity block is as large as a page at most (Documentation/filesystems/fsverity.rst). */
#define VERITY_BLOCK 4096U

static const struct {
	const char *word;
	const char *hint; /* what lets it be had */
} states[MADE_STATES] = {
	[MADE_PLAIN] = { "plain", "" },
	[MADE_SPARSE] = { "sparse", "Choose a size above 64KiB, on a file system with holes." },
	[MADE_COMPRESSED] = { "compressed", "Choose a folder on btrfs, or on f2fs that was made with -O "
					    "extra_attr,compression, and a size above 64KiB." },
	[MADE_ENCRYPTED] = { "encrypted", "Choose a folder on ext4 or f2fs that was made with -O encrypt, and a kernel "
					  "with CONFIG_FS_ENCRYPTION and its ciphers (CONFIG_FS_ENCRYPTION_ALGS)." },
	[MADE_VERITY] = { "verity", "Choose a folder on ext4 or f2fs that was made with -O verity, and a kernel with "
				    "CONFIG_FS_VERITY." },
	[MADE_INLINE] = { "inline", "Choose a size that fits into an inode (f2fs: about 3KiB; ext4 that was made with "
				    "-O inline_data: about 60 bytes; btrfs: 2KiB)." },
	[MADE_FRAGMENTED] = { "fragmented", "Choose a size of 128KiB or more, on a file system that tells extents." },
	[MADE_IMMUTABLE] = { "immutable", "Run as root, on a file system with chattr +i." },
};

bool made_state_parse(const char *word, enum made_state *state)
{
	for (*state = MADE_PLAIN; *state < MADE_STATES; (*state)++)
		if (strcmp(states[*state].word, word) == 0)
			return true;
	return false;
}

int made_state_begin_folder(enum made_state state, const char *path)
{
	return state == MADE_ENCRYPTED ? folder_encrypt(path) : 0;
}

static int add_flag(int fd, int flag)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return -1;
	flags |= flag;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

int made_state_begin(enum made_state state, int fd)
{
	return state == MADE_COMPRESSED ? add_flag(fd, FS_COMPR_FL) : 0;
}

bool made_state_is_hole(enum made_state state, uint64_t offset)
{
	return state == MADE_SPARSE && offset / STATE_PIECE_BYTES % 2 == 1;
}

static void make_compressible(char *page, uint64_t bytes)
{
	for (uint64_t at = 0; at < bytes; at++)
		page[at] = at < KEPT_OF_PAGE ? (char)(page[at] & KEPT_OF_BYTE) : page[at - KEPT_OF_PAGE];
}

void made_state_shape(enum made_state state, char *data, uint64_t offset, uint64_t bytes)
{
	for (uint64_t at = 0; state == MADE_COMPRESSED && at < bytes; at += PAGE)
		make_compressible(data + at, smaller(PAGE, bytes - at));
	for (uint64_t at = 0; at < bytes; at += STATE_PIECE_BYTES)
		if (made_state_is_hole(state, offset + at))
			memset(data + at, 0, smaller(STATE_PIECE_BYTES, bytes - at));
}

bool made_state_admits_reserving(enum made_state state)
{
	return state != MADE_SPARSE && state != MADE_COMPRESSED && state != MADE_INLINE;
}

int made_state_finish(enum made_state state, int fd)
{
	struct fsverity_enable_arg verity = {
		.version = 1,
		.hash_algorithm = FS_VERITY_HASH_ALG_SHA256,
		.block_size = VERITY_BLOCK,
	};

	if (state == MADE_VERITY)
		return ioctl(fd, FS_IOC_ENABLE_VERITY, &verity);
	return state == MADE_IMMUTABLE ? add_flag(fd, FS_IMMUTABLE_FL) : 0;
}

void made_state_release(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), flags = 0;

	if (fd < 0)
		return;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_IMMUTABLE_FL)) {
		flags &= ~FS_IMMUTABLE_FL;
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	close(fd);
}

bool made_state_has(enum made_state state, int fd)
{
	struct file_state found;
	bool has[MADE_STATES] = { false };

	if (state == MADE_PLAIN)
		return true;
	file_state_find(fd, &found);
	has[MADE_SPARSE] = found.hole_bytes > 0;
	has[MADE_COMPRESSED] = found.compressed;
	has[MADE_ENCRYPTED] = found.encrypted;
	has[MADE_VERITY] = found.verity;
	has[MADE_INLINE] = found.has_inline;
	has[MADE_FRAGMENTED] = file_state_is_fragmented(&found);
	has[MADE_IMMUTABLE] = found.immutable;
	return has[state];
}

int made_state_refused(enum made_state state, int number, const char *folder)
{
	const char *why = number ? strerror(number) : "its file system made it otherwise";

	return report_failure(UNSUPPORTED, number, states[state].hint, "no file in %s can be made %s: %s", folder,
			      states[state].word, why);
}
