/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/file_state.h"
#include "file/input_file.h"
#include "file/mount.h"
#include "loader/source.h"
#include "protocol/failure.h"

static const char regular_hint[] = "Give the path of a regular file.";

static const char *kind_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	if (S_ISBLK(mode) || S_ISCHR(mode))
		return "a device";
	return "not a regular file";
}

static const char *hint_of(int number)
{
	if (number == ENOENT)
		return "Check the path: it is a path on the target.";
	if (number == EACCES)
		return "Make the file readable for the agent's user, or run as root.";
	return regular_hint;
}

static int cannot_read(const char *path)
{
	int number = errno;

	/* U+FFFD stands for bytes that were no UTF-8, and were lost on their way here. */
	if (number == ENOENT && strstr(path, "\xef\xbf\xbd"))
		return report_failure(BAD_FILE, number, "Rename the file, or make a link to it with another name.",
				      "cannot ask for %s: its name is not UTF-8", path);
	return report_failure(BAD_FILE, number, hint_of(number), "cannot read %s: %s", path, strerror(number));
}

/*
 * Data among the metadata are copied out of the metadata's page cache, whatever was asked for (fs/erofs/data.c
 * erofs_iomap_begin()), and the file's own does not tell. What lies there is a file's end, if not all of it; an end of
 * less than a hundredth is nothing.
 */
static bool has_much_inline(const struct input_file *file)
{
	return file_is_inline_at(file->fd, file->bytes - 1 - file->bytes / 100);
}

int input_file_open(const char *path, struct input_file *file)
{
	struct direct_align align;
	struct stat status;

	if (stat(path, &status))
		return cannot_read(path);
	if (!S_ISREG(status.st_mode))
		return report_failure(BAD_FILE, 0, regular_hint, "%s is %s", path, kind_of(status.st_mode));
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0)
		return cannot_read(path);
	/* The path may name something else by now; only what is open counts. */
	if (fstat(file->fd, &status) || !S_ISREG(status.st_mode) || status.st_size == 0) {
		close(file->fd);
		return report_failure(BAD_FILE, 0, "Give a regular file with at least one byte.", "%s is %s", path,
				      S_ISREG(status.st_mode) ? "empty" : kind_of(status.st_mode));
	}
	file->bytes = (uint64_t)status.st_size;
	file->device = block_device_of(path);
	align = direct_align_of(file->fd);
	file->no_direct = (align.told && !align.memory_bytes) || has_much_inline(file);
	return 0;
}
