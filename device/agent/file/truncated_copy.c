/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "file/own_files.h"
#include "file/truncated_copy.h"
#include "loader/error.h"
#include "protocol/watch_stdin.h"

static int copy_bytes(int from, int to, uint64_t bytes)
{
	off_t offset = 0;

	while ((uint64_t)offset < bytes) {
		ssize_t sent = sendfile(to, from, &offset, bytes - (uint64_t)offset);

		if (sent == 0)
			errno = ENODATA;
		if (sent == 0 || (sent < 0 && errno != EINTR))
			return -1;
	}
	return fsync(to);
}

/* The copy is opened anew, for reading alone: the kernel's own reads refuse a file that is open for writing. */
static int copied(const char *path, int writer, uint64_t bytes, struct input_file *file)
{
	int reader, number;

	if (copy_bytes(file->fd, writer, bytes)) {
		number = errno;
		close(writer);
		errno = number;
		return -1;
	}
	reader = own_file_reopen(path, writer);
	if (reader < 0)
		return -1;
	close(file->fd);
	file->fd = reader;
	file->bytes = bytes;
	return 0;
}

int truncated_copy_take(struct truncated_copy *copy, const char *directory, uint64_t bytes, struct input_file *file,
			struct dmabuf_loader_error *error)
{
	int writer;

	copy->path[0] = '\0';
	if (file->bytes == bytes)
		return 0;
	writer = own_file_create(copy->path, sizeof(copy->path), directory, "part");
	if (writer < 0) {
		copy->path[0] = '\0';
		return load_refused(error, errno,
				    "the series loads whole files, and no copy can be made beside this one");
	}
	remove_when_stopped(copy->path);
	if (copied(copy->path, writer, bytes, file) == 0)
		return 0;
	load_refused(error, errno, "the series loads whole files, and this one's first part cannot be copied");
	truncated_copy_remove(copy);
	return -1;
}

void truncated_copy_remove(struct truncated_copy *copy)
{
	if (copy->path[0] == '\0')
		return;
	unlink(copy->path);
	remove_when_stopped(NULL);
	copy->path[0] = '\0';
}
