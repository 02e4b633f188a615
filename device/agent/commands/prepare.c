/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "commands/commands.h"
#include "file/content.h"
#include "file/file_state.h"
#include "file/own_files.h"
#include "file/page_cache.h"
#include "loader/clock.h"
#include "loader/rounding.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/size_text.h"
#include "protocol/watch_stdin.h"

#define STEP_BYTES (4ULL << 20)
#define PROGRESS_EVERY_NS 100000000
#define MAX_BYTES (1ULL << 53)

struct prepare {
	const char *path;
	uint64_t bytes;
	uint64_t seed;
	int64_t told_ns;
};

static char step[STEP_BYTES];

static void tell_progress(struct prepare *prepare, uint64_t done)
{
	if (now_ns() - prepare->told_ns < PROGRESS_EVERY_NS)
		return;
	prepare->told_ns = now_ns();
	json_line("progress");
	json_number("doneBytes", (int64_t)done);
	json_number("totalBytes", (int64_t)prepare->bytes);
	json_line_end();
	fflush(stdout);
}

static bool content_fits(struct prepare *prepare, int fd)
{
	uint64_t done = 0;

	while (done < prepare->bytes) {
		ssize_t got = pread(fd, step, smaller(STEP_BYTES, prepare->bytes - done), (off_t)done);

		/* Only a last piece of an odd length may be short; anything else is not the file that was asked for. */
		if (got <= 0 || (done + (uint64_t)got < prepare->bytes && got % 8) ||
		    content_compare(step, prepare->seed, done, (uint64_t)got) != CONTENT_FITS)
			return false;
		done += (uint64_t)got;
		tell_progress(prepare, done);
	}
	return true;
}

static bool can_reuse(struct prepare *prepare)
{
	struct stat status;
	bool fits = false;
	int fd;

	if (stat(prepare->path, &status) || !S_ISREG(status.st_mode) || (uint64_t)status.st_size != prepare->bytes)
		return false;
	fd = open(prepare->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	fits = content_fits(prepare, fd);
	drop_file_cache(fd);
	close(fd);
	return fits;
}

static int file_failed(const char *action, const char *path)
{
	int number = errno;

	return report_failure(number == ENOSPC || number == EDQUOT || number == EFBIG ? NO_SPACE : BAD_FILE, number,
			      number == EFBIG ? "Choose a smaller size, or raise the limit (ulimit -f)." :
						"Choose a directory that can be written and has room.",
			      "cannot %s %s: %s", action, path, strerror(number));
}

static int check_target(const struct prepare *prepare)
{
	struct stat status;

	if (stat(prepare->path, &status) == 0 && !S_ISREG(status.st_mode))
		return report_failure(BAD_FILE, 0, "Choose another path.", "%s is not a regular file", prepare->path);
	return 0;
}

static int check_space(const struct prepare *prepare, int fd)
{
	struct rlimit limit;
	struct statvfs space;
	uint64_t free_bytes;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && prepare->bytes > limit.rlim_cur)
		return report_failure(NO_SPACE, EFBIG, "Choose a smaller size, or raise the limit (ulimit -f).",
				      "%s do not fit into the limit on the size of files of %s",
				      size_text(prepare->bytes).text, size_text(limit.rlim_cur).text);
	/* A tmpfs without a limit has no blocks to count. */
	if (fstatvfs(fd, &space) || !space.f_blocks)
		return 0;
	free_bytes = (uint64_t)space.f_bavail * space.f_frsize;
	if (prepare->bytes <= free_bytes)
		return 0;
	return report_failure(NO_SPACE, 0, "Choose a smaller size or another directory.",
			      "%s do not fit into the free space of %s for %s", size_text(prepare->bytes).text,
			      size_text(free_bytes).text, prepare->path);
}

static int write_step(int fd, uint64_t bytes, uint64_t offset)
{
	uint64_t done = 0;

	while (done < bytes) {
		ssize_t put = pwrite(fd, step + done, bytes - done, (off_t)(offset + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		done += (uint64_t)put;
	}
	return 0;
}

static int write_content(struct prepare *prepare, int fd)
{
	/* One reservation keeps the extents few. Where the file system has none, writing does without. */
	if (fallocate(fd, 0, 0, (off_t)prepare->bytes) && errno == ENOSPC)
		return -1;
	for (uint64_t done = 0; done < prepare->bytes; done += STEP_BYTES) {
		uint64_t bytes = smaller(STEP_BYTES, prepare->bytes - done);

		content_fill(step, prepare->seed, done, bytes);
		if (write_step(fd, bytes, done))
			return -1;
		tell_progress(prepare, done + bytes);
	}
	return fsync(fd);
}

static void write_prepared(const struct prepare *prepare, int fd, bool reused)
{
	json_line("prepared");
	json_string("path", prepare->path);
	json_number("bytes", (int64_t)prepare->bytes);
	json_bool("reused", reused);
	json_number_or_null("extents", file_extent_count(fd));
	json_line_end();
}

static int create_beside(const char *path, char *unfinished, size_t room)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(path, '/');

	snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	own_files_remove_stale(directory);
	return own_file_create(unfinished, room, directory, "prepare");
}

/* The file gets its name only when it is whole and on the device. */
static int make_file(struct prepare *prepare)
{
	char unfinished[PATH_MAX];
	int fd = create_beside(prepare->path, unfinished, sizeof(unfinished)), code;

	if (fd < 0)
		return file_failed("create", prepare->path);
	remove_when_stopped(unfinished);
	code = check_space(prepare, fd);
	if (!code && (write_content(prepare, fd) || fchmod(fd, 0644) || rename(unfinished, prepare->path)))
		code = file_failed("write", prepare->path);
	if (code)
		unlink(unfinished);
	remove_when_stopped(NULL);
	if (!code) {
		drop_file_cache(fd);
		write_prepared(prepare, fd, false);
	}
	close(fd);
	return code;
}

static int tell_reused(const struct prepare *prepare)
{
	int fd = open(prepare->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return file_failed("read", prepare->path);
	write_prepared(prepare, fd, true);
	close(fd);
	return 0;
}

int command_prepare(int count, char **words)
{
	struct argument arguments[] = { { "path", NULL }, { "bytes", NULL }, { "seed", NULL } };
	struct prepare prepare = { .told_ns = now_ns() };
	int code;

	if (!arguments_parse(count, words, arguments, 3) ||
	    !argument_number(arguments, "bytes", 1, MAX_BYTES, &prepare.bytes) ||
	    !argument_number(arguments, "seed", 0, UINT64_MAX, &prepare.seed))
		return EXIT_USAGE;
	prepare.path = argument_text(arguments, "path");
	code = check_target(&prepare);
	if (code)
		return code;
	return can_reuse(&prepare) ? tell_reused(&prepare) : make_file(&prepare);
}
