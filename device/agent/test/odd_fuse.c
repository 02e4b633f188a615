/* SPDX-License-Identifier: MIT */
/*
 * A file system in user space whose one file, `file`, reads in an odd way: odd_fuse MODE SOURCE MOUNT-POINT. Built for
 * scripts/surroundings alone. The modes: `refuse` direct reads with EINVAL, `forbid` opening for them with EPERM, `fail`
 * with EIO half-way, `starve` with ENOMEM half-way, `halve` each direct read, `cut` 777 bytes off each, `shrink`: the
 * file ends before its size.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "/file"
#define MISSING_BYTES 100000
#define CUT_BYTES 777

static const char *mode;
static int source = -1;
static off_t source_bytes;

static int is_mode(const char *name)
{
	return strcmp(mode, name) == 0;
}

static int get_attributes(const char *path, struct stat *status, struct fuse_file_info *info)
{
	(void)info;
	memset(status, 0, sizeof(*status));
	if (strcmp(path, "/") == 0) {
		status->st_mode = S_IFDIR | 0755;
		status->st_nlink = 2;
		return 0;
	}
	if (strcmp(path, NAME) != 0)
		return -ENOENT;
	status->st_mode = S_IFREG | 0644;
	status->st_nlink = 1;
	status->st_size = source_bytes + (is_mode("shrink") ? MISSING_BYTES : 0);
	return 0;
}

static int open_file(const char *path, struct fuse_file_info *info)
{
	int direct = (info->flags & O_DIRECT) != 0;

	if (strcmp(path, NAME) != 0)
		return -ENOENT;
	if (direct && is_mode("forbid"))
		return -EPERM;
	info->direct_io = direct ? 1 : 0;
	return 0;
}

static int read_file(const char *path, char *target, size_t bytes, off_t offset, struct fuse_file_info *info)
{
	int direct = (info->flags & O_DIRECT) != 0;
	int second_half = offset + (off_t)bytes > source_bytes / 2;
	ssize_t got;

	(void)path;
	if (direct && is_mode("refuse"))
		return -EINVAL;
	if (second_half && is_mode("fail"))
		return -EIO;
	if (second_half && is_mode("starve"))
		return -ENOMEM;
	if (direct && is_mode("halve") && bytes > 1)
		bytes /= 2;
	if (direct && is_mode("cut") && bytes > CUT_BYTES)
		bytes -= CUT_BYTES;
	got = pread(source, target, bytes, offset);
	return got < 0 ? -errno : (int)got;
}

static const struct fuse_operations operations = {
	.getattr = get_attributes,
	.open = open_file,
	.read = read_file,
};

int main(int count, char **words)
{
	char foreground[] = "-f";
	char *fuse_words[] = { words[0], foreground, count == 4 ? words[3] : NULL, NULL };
	struct stat status;

	if (count != 4)
		return 2;
	mode = words[1];
	source = open(words[2], O_RDONLY | O_CLOEXEC);
	if (source < 0 || fstat(source, &status))
		return 3;
	source_bytes = status.st_size;
	return fuse_main(3, fuse_words, &operations, NULL);
}
