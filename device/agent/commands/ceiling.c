/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "file/input_file.h"
#include "file/page_cache.h"
#include "load/deep_read.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/size_text.h"
#include "system/free_lists.h"

#define MAX_BLOCK_BYTES (64ULL << 20)
#define MAX_DEPTH 256
#define MAX_FLIGHT_BYTES (1ULL << 30)

struct trial {
	uint64_t block_bytes;
	uint64_t depth;
};

/*
 * From a queue of small blocks to one of large: some devices like the one, some the other. The deep ones are there
 * because a single large read() keeps as much in flight.
 */
static const struct trial trials[] = {
	{ 256 << 10, 32 }, { 1 << 20, 8 }, { 1 << 20, 32 }, { 1 << 20, 128 }, { 4 << 20, 32 }, { 16 << 20, 8 },
};

struct best {
	struct deep_read_result result;
	struct trial trial;
};

static int write_ceiling(const struct best *best)
{
	const struct deep_read_result *result = &best->result;

	json_line("ceiling");
	json_number("bytesPerSecond", (int64_t)((double)result->bytes * 1e9 / (double)result->ns));
	json_number("bytes", (int64_t)result->bytes);
	json_number("ns", result->ns);
	json_number("blockBytes", (int64_t)best->trial.block_bytes);
	json_number("depth", (int64_t)best->trial.depth);
	json_string("method", result->threads ? "threads" : "linux-aio");
	json_line_end();
	return 0;
}

static bool is_better(const struct deep_read_result *result, const struct best *best)
{
	return best->result.ns == 0 ||
	       (double)result->bytes / (double)result->ns > (double)best->result.bytes / (double)best->result.ns;
}

static int try_one(const char *path, const struct input_file *file, uint64_t bytes, struct trial trial,
		   struct best *best)
{
	struct dmabuf_loader_error error;
	struct deep_read_result result;

	drop_file_cache(file->fd);
	settle_free_lists();
	if (deep_read(path, bytes, trial.block_bytes, (unsigned int)trial.depth, &result, &error)) {
		const char *kind = error.refused ? UNSUPPORTED : error.error == ENOMEM ? NO_MEMORY : AGENT_FAILED;

		return report_failure(kind, error.error, "The ceiling needs a file system that reads with O_DIRECT.",
				      "%s", error.reason);
	}
	if (is_better(&result, best)) {
		best->result = result;
		best->trial = trial;
	}
	return 0;
}

static int try_list(const char *path, const struct input_file *file, uint64_t bytes, struct best *best)
{
	int code = 0;

	for (size_t i = 0; !code && i < sizeof(trials) / sizeof(*trials); i++)
		code = try_one(path, file, bytes, trials[i], best);
	return code;
}

int command_ceiling(int count, char **words)
{
	struct argument arguments[] = { { "path", NULL }, { "bytes", NULL }, { "block", "0" }, { "depth", "0" } };
	struct best best = { 0 };
	struct input_file file;
	const char *path;
	uint64_t bytes;
	int code;

	if (!arguments_parse(count, words, arguments, 4) ||
	    !argument_number(arguments, "bytes", 1, 1ULL << 53, &bytes) ||
	    !argument_number(arguments, "block", 0, MAX_BLOCK_BYTES, &best.trial.block_bytes) ||
	    !argument_number(arguments, "depth", 0, MAX_DEPTH, &best.trial.depth))
		return EXIT_USAGE;
	if (!best.trial.block_bytes != !best.trial.depth || best.trial.block_bytes % 4096 ||
	    best.trial.block_bytes * best.trial.depth > MAX_FLIGHT_BYTES)
		return report_failure(BAD_INPUT, 0,
				      "Give both or none; a block is whole 4 KiB pages, and what is in "
				      "flight at most 1 GiB.",
				      "--block and --depth do not fit together");
	path = argument_text(arguments, "path");
	code = input_file_open(path, &file);
	if (code)
		return code;
	if (bytes > file.bytes)
		code = report_failure(BAD_FILE, 0, "Give a smaller size or a larger file.",
				      "%s has %s, %s were asked for", path, size_text(file.bytes).text,
				      size_text(bytes).text);
	else if (best.trial.depth)
		code = try_one(path, &file, bytes, best.trial, &best);
	else
		code = try_list(path, &file, bytes, &best);
	close(file.fd);
	return code ? code : write_ceiling(&best);
}
