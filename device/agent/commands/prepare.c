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
#include "file/fragments.h"
#include "file/made_state.h"
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
	enum made_state state;
	char folder[PATH_MAX];
	int64_t told_ns;
};

static char step[STEP_BYTES], expected[STEP_BYTES];

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

static void fill(const struct prepare *prepare, char *data, uint64_t offset, uint64_t bytes)
{
	content_fill(data, prepare->seed, offset, bytes);
	made_state_shape(prepare->state, data, offset, bytes);
}

static bool content_fits(struct prepare *prepare, int fd)
{
	uint64_t done = 0;

	while (done < prepare->bytes) {
		ssize_t got = pread(fd, step, smaller(STEP_BYTES, prepare->bytes - done), (off_t)done);

		/* Only a last piece of an odd length may be short; anything else is not the file that was asked for. */
		if (got <= 0 || (done + (uint64_t)got < prepare->bytes && (uint64_t)got % STATE_PIECE_BYTES))
			return false;
		fill(prepare, expected, done, (uint64_t)got);
		if (memcmp(step, expected, (size_t)got))
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
	fits = made_state_has(prepare->state, fd) && content_fits(prepare, fd);
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

static int write_at(int fd, const char *data, uint64_t bytes, uint64_t offset)
{
	uint64_t done = 0;

	while (done < bytes) {
		ssize_t put = pwrite(fd, data + done, bytes - done, (off_t)(offset + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		done += (uint64_t)put;
	}
	return 0;
}

/* Piece by piece where pieces differ: in what is a hole, or in where they lie. */
static uint64_t piece_bytes_of(const struct prepare *prepare, const struct fragments *fragments)
{
	if (prepare->state == MADE_FRAGMENTED)
		return fragments->piece_bytes;
	return prepare->state == MADE_SPARSE ? STATE_PIECE_BYTES : STEP_BYTES;
}

static int write_step(const struct prepare *prepare, int fd, const struct fragments *fragments, uint64_t offset)
{
	uint64_t bytes = smaller(STEP_BYTES, prepare->bytes - offset), piece = piece_bytes_of(prepare, fragments);

	for (uint64_t at = 0; at < bytes; at += piece) {
		if (made_state_is_hole(prepare->state, offset + at))
			continue;
		if (write_at(fd, step + at, smaller(piece, bytes - at), offset + at))
			return -1;
		if (prepare->state == MADE_FRAGMENTED && fragments_part(fragments, fd))
			return -1;
	}
	return 0;
}

static int write_steps(struct prepare *prepare, int fd, const struct fragments *fragments)
{
	for (uint64_t done = 0; done < prepare->bytes; done += STEP_BYTES) {
		uint64_t bytes = smaller(STEP_BYTES, prepare->bytes - done);

		fill(prepare, step, done, bytes);
		if (write_step(prepare, fd, fragments, done))
			return -1;
		tell_progress(prepare, done + bytes);
	}
	/* A file that ends with a hole, or was reserved for more. */
	return ftruncate(fd, (off_t)prepare->bytes) ? -1 : fsync(fd);
}

static int write_content(struct prepare *prepare, int fd)
{
	struct fragments fragments = { .spacer = -1 };
	int result = 0;

	if (prepare->state == MADE_FRAGMENTED)
		result = fragments_begin(&fragments, fd, prepare->folder, prepare->bytes);
	/* One reservation keeps the extents few. Where the file system has none, writing does without. */
	else if (made_state_admits_reserving(prepare->state) && fallocate(fd, 0, 0, (off_t)prepare->bytes))
		result = errno == ENOSPC ? -1 : 0;
	if (result == 0)
		result = write_steps(prepare, fd, &fragments);
	fragments_end(&fragments);
	return result;
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

/* The folder of @path; without one the working directory. */
static void find_folder(struct prepare *prepare)
{
	const char *slash = strrchr(prepare->path, '/');

	snprintf(prepare->folder, sizeof(prepare->folder), "%.*s", slash ? (int)(slash - prepare->path) + 1 : 1,
		 slash ? prepare->path : ".");
}

static int create_beside(const struct prepare *prepare, char *unfinished, size_t room)
{
	own_files_remove_stale(prepare->folder);
	return own_file_create(unfinished, room, prepare->folder, "prepare");
}

/* The whole file under its name gets its state. What is left of one that does not is not taken for one that has it. */
static int finish(struct prepare *prepare, int *fd)
{
	int code = 0;

	*fd = own_file_reopen(prepare->path, *fd);
	if (*fd < 0)
		return file_failed("read", prepare->path);
	if (made_state_finish(prepare->state, *fd))
		code = made_state_refused(prepare->state, errno, prepare->folder);
	else if (!made_state_has(prepare->state, *fd))
		code = made_state_refused(prepare->state, 0, prepare->folder);
	if (code)
		unlink(prepare->path);
	return code;
}

static int fill_file(struct prepare *prepare, int fd, const char *unfinished)
{
	int code = check_space(prepare, fd);

	if (!code && made_state_begin(prepare->state, fd))
		code = made_state_refused(prepare->state, errno, prepare->folder);
	if (code)
		return code;
	made_state_release(AT_FDCWD, prepare->path);
	if (write_content(prepare, fd) || fchmod(fd, 0644) || rename(unfinished, prepare->path))
		return file_failed("write", prepare->path);
	return 0;
}

/* The file gets its name only when it is whole and on the device. */
static int make_file(struct prepare *prepare)
{
	char unfinished[PATH_MAX];
	int fd = create_beside(prepare, unfinished, sizeof(unfinished)), code;

	/* ENOPKG: the kernel lacks the cipher. */
	if (fd < 0 && errno == ENOPKG)
		return made_state_refused(prepare->state, errno, prepare->folder);
	if (fd < 0)
		return file_failed("create", prepare->path);
	remove_when_stopped(unfinished);
	code = fill_file(prepare, fd, unfinished);
	if (code)
		unlink(unfinished);
	remove_when_stopped(NULL);
	if (!code)
		code = finish(prepare, &fd);
	if (!code) {
		drop_file_cache(fd);
		write_prepared(prepare, fd, false);
	}
	if (fd >= 0)
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

/* Files in a state have a folder of their own, which is made where its parent exists. */
static int make_folder(const struct prepare *prepare)
{
	if (prepare->state != MADE_PLAIN && mkdir(prepare->folder, 0755) && errno != EEXIST)
		return file_failed("create", prepare->folder);
	if (made_state_begin_folder(prepare->state, prepare->folder))
		return made_state_refused(prepare->state, errno, prepare->folder);
	return 0;
}

int command_prepare(int count, char **words)
{
	struct argument arguments[] = { { "path", NULL }, { "bytes", NULL }, { "seed", NULL }, { "state", "plain" } };
	struct prepare prepare = { .told_ns = now_ns() };
	int code;

	if (!arguments_parse(count, words, arguments, 4) ||
	    !argument_number(arguments, "bytes", 1, MAX_BYTES, &prepare.bytes) ||
	    !argument_number(arguments, "seed", 0, UINT64_MAX, &prepare.seed))
		return EXIT_USAGE;
	if (!made_state_parse(argument_text(arguments, "state"), &prepare.state))
		return report_failure(BAD_INPUT, 0, "See docs/agent-protocol.md.", "there is no file state %s",
				      argument_text(arguments, "state"));
	prepare.path = argument_text(arguments, "path");
	find_folder(&prepare);
	code = check_target(&prepare);
	if (code)
		return code;
	code = make_folder(&prepare);
	if (code)
		return code;
	return can_reuse(&prepare) ? tell_reused(&prepare) : make_file(&prepare);
}
