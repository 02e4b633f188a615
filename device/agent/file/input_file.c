/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/input_file.h"
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

static int cannot_read(const char *path)
{
	int number = errno;
	const char *hint = number == ENOENT ? "Check the path: it is a path on the target." :
			   number == EACCES ? "Make the file readable for the agent's user, or run as root." :
					      regular_hint;

	return report_failure(BAD_FILE, number, hint, "cannot read %s: %s", path, strerror(number));
}

int input_file_open(const char *path, struct input_file *file)
{
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
	file->device = status.st_dev;
	return 0;
}
