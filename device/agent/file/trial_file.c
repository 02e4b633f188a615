/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file/content.h"
#include "file/own_files.h"
#include "file/trial_file.h"
#include "loader/dmabuf.h"
#include "loader/error.h"
#include "loader/rounding.h"
#include "protocol/watch_stdin.h"

#define TRIAL_SEED 0x7472
#define TAIL_BYTES 513
#define LARGEST_PAGE_BYTES (64U << 10)

static int write_content(int fd, uint64_t bytes)
{
	static char content[LARGEST_PAGE_BYTES + TAIL_BYTES];

	content_fill(content, TRIAL_SEED, 0, bytes);
	if (write(fd, content, bytes) != (ssize_t)bytes)
		return -1;
	return fsync(fd);
}

/* Writes it, and comes back with it open for reading alone. */
static int written(const char *path, int writer, uint64_t bytes)
{
	int number;

	if (write_content(writer, bytes) == 0)
		return own_file_reopen(path, writer);
	number = errno;
	close(writer);
	errno = number;
	return -1;
}

int trial_file_create(struct trial_file *file, const char *directory, struct dmabuf_loader_error *error)
{
	int writer;

	file->bytes = smaller(page_bytes(), LARGEST_PAGE_BYTES) + TAIL_BYTES;
	file->fd = -1;
	writer = own_file_create(file->path, sizeof(file->path), directory, "trial");
	if (writer < 0)
		return load_failed(error, errno, "cannot write into %s", directory);
	remove_when_stopped(file->path);
	file->fd = written(file->path, writer, file->bytes);
	if (file->fd >= 0)
		return 0;
	load_failed(error, errno, "cannot write into %s", directory);
	trial_file_remove(file);
	return -1;
}

void trial_file_remove(struct trial_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	unlink(file->path);
	remove_when_stopped(NULL);
}

bool trial_file_is_in(const struct trial_file *file, int dmabuf)
{
	uint64_t bytes = round_up(file->bytes, page_bytes());
	struct dmabuf_loader_error error;
	char *mapping;
	bool same;

	if (lseek(dmabuf, 0, SEEK_END) != (off_t)bytes)
		return false;
	mapping = dmabuf_map(dmabuf, bytes, PROT_READ, &error);
	if (!mapping)
		return false;
	same = content_compare(mapping, TRIAL_SEED, 0, file->bytes) == CONTENT_FITS;
	munmap(mapping, bytes);
	return same;
}
