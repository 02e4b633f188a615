/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "file/input_file.h"
#include "file/page_cache.h"
#include "load/deep_read.h"
#include "load/proof.h"
#include "loader/error.h"
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
static const struct trial direct_trials[] = {
	{ 256 << 10, 32 }, { 1 << 20, 8 }, { 1 << 20, 32 }, { 1 << 20, 128 }, { 4 << 20, 32 }, { 16 << 20, 8 },
};

/* Through the page cache readahead keeps blocks in flight by itself; more readers only seek. */
static const struct trial buffered_trials[] = { { 1 << 20, 1 }, { 8 << 20, 1 }, { 1 << 20, 4 } };

struct search {
	const char *path;
	const struct input_file *file;
	uint64_t bytes;
	bool direct;
	struct deep_read_result best;
	struct trial best_trial;
	bool fell_back;
	struct dmabuf_loader_error error; /* of the last trial that was no ceiling */
	bool not_all;			  /* it read less from the storage than it loaded */
};

static int write_ceiling(const struct search *search)
{
	const struct deep_read_result *best = &search->best;

	json_line("ceiling");
	json_number("bytesPerSecond", (int64_t)((double)best->bytes * 1e9 / (double)best->ns));
	json_number("bytes", (int64_t)best->bytes);
	json_number("ns", best->ns);
	json_number("blockBytes", (int64_t)search->best_trial.block_bytes);
	json_number("depth", (int64_t)search->best_trial.depth);
	json_string("ioMode", search->direct ? "direct" : "buffered");
	json_string("method", best->threads ? "threads" : "linux-aio");
	json_line_end();
	return EXIT_DONE;
}

static bool is_better(const struct deep_read_result *result, const struct deep_read_result *best)
{
	return best->ns == 0 || (double)result->bytes / (double)result->ns > (double)best->bytes / (double)best->ns;
}

/* The same proof as a load's. Returns 0, or -1 with the reason why what was read says nothing of the storage. */
static int prove(const struct reading *reading, struct proof proof, struct dmabuf_loader_error *error)
{
	/* Direct reads that are proved pass a page cache by, whatever it holds. */
	if (reading->direct && proof.direct)
		return 0;
	if (proof.warm)
		return load_refused(error, 0, "the file stays in the page cache");
	if (proof.not_all)
		return load_refused(error, 0, "only %s of %s came from the storage for these reads",
				    size_text((uint64_t)reading_read_bytes(reading)).text,
				    size_text(reading->bytes).text);
	if (proof.fell_back)
		return load_refused(error, 0, "direct reads of the file go through the page cache");
	if (proof.not_proved)
		return load_refused(error, 0, "the kernel does not tell where the bytes came from");
	return 0;
}

/* Returns 0 with a result that may be the best, or -1 with the search's error. */
static int try_one(struct search *search, struct trial trial)
{
	const struct input_file *file = search->file;
	struct reading reading = { .bytes = search->bytes, .direct = search->direct, .no_direct = file->no_direct };
	struct deep_read_task task = {
		.path = search->path,
		.bytes = search->bytes,
		.block_bytes = trial.block_bytes,
		.depth = (unsigned int)trial.depth,
		.direct = search->direct,
	};
	struct deep_read_result result;
	struct proof proof;

	search->not_all = false;
	drop_caches(file->fd);
	settle_free_lists();
	counters_take(&reading.before, file->fd, search->bytes, file->device);
	if (deep_read(&task, &result, &search->error))
		return -1;
	counters_take(&reading.after, file->fd, search->bytes, file->device);
	proof = proof_of(&reading);
	search->fell_back |= proof.fell_back;
	search->not_all = proof.not_all;
	if (prove(&reading, proof, &search->error))
		return -1;
	if (is_better(&result, &search->best)) {
		search->best = result;
		search->best_trial = trial;
	}
	return 0;
}

/*
 * Tries all, for what disturbed one trial may spare the next. A read that failed fails again, though, and a file that
 * fell back to buffered once does so always: that the next trial shows nothing of it is somebody else's eviction.
 */
static bool find_best(struct search *search, const struct trial *trials, size_t count)
{
	bool usable = true;

	memset(&search->best, 0, sizeof(search->best));
	for (size_t i = 0; usable && i < count; i++)
		usable = try_one(search, trials[i]) == 0 || (search->error.refused && !search->fell_back);
	return usable && search->best.ns > 0;
}

static const char *hint_of(const struct dmabuf_loader_error *error)
{
	if (error->error == ENOMEM)
		return "Free some memory and try again.";
	if (error->error == EIO)
		return "The storage, or what is in front of it, failed. Look at the kernel log.";
	return "Without a ceiling nothing is shown as a share of it.";
}

static int report(const struct dmabuf_loader_error *error)
{
	const char *kind = error->refused ? UNSUPPORTED : error->error == ENOMEM ? NO_MEMORY : AGENT_FAILED;
	const char *name = errno_name(error->error);

	return report_failure(kind, error->error, hint_of(error), "%s%s%s", name ? name : "", name ? ": " : "",
			      error->reason);
}

/* A file that cannot be read directly has the ceiling of its buffered reads, which says so. */
static int search_ceiling(struct search *search)
{
	struct dmabuf_loader_error direct;
	bool direct_not_all;

	if (find_best(search, direct_trials, sizeof(direct_trials) / sizeof(*direct_trials)))
		return write_ceiling(search);
	direct = search->error;
	direct_not_all = search->not_all;
	if (!direct.refused)
		return report(&direct);
	search->direct = false;
	search->fell_back = false;
	if (find_best(search, buffered_trials, sizeof(buffered_trials) / sizeof(*buffered_trials)))
		return write_ceiling(search);
	if (!search->error.refused)
		return report(&search->error);
	/* How much came from the storage differs a little from read to read; it is the same reason. */
	if ((direct_not_all && search->not_all) || strcmp(direct.reason, search->error.reason) == 0)
		return report(&direct);
	return report_failure(UNSUPPORTED, direct.error, "Without a ceiling nothing is shown as a share of it.",
			      "%s; and read through the page cache, %s", direct.reason, search->error.reason);
}

static int search_one(struct search *search, struct trial trial)
{
	if (try_one(search, trial))
		return report(&search->error);
	return write_ceiling(search);
}

int command_ceiling(int count, char **words)
{
	struct argument arguments[] = { { "path", NULL }, { "bytes", NULL }, { "block", "0" }, { "depth", "0" } };
	struct search search = { .direct = true };
	struct trial asked;
	struct input_file file;
	int code;

	if (!arguments_parse(count, words, arguments, 4) ||
	    !argument_number(arguments, "bytes", 1, 1ULL << 53, &search.bytes) ||
	    !argument_number(arguments, "block", 0, MAX_BLOCK_BYTES, &asked.block_bytes) ||
	    !argument_number(arguments, "depth", 0, MAX_DEPTH, &asked.depth))
		return EXIT_USAGE;
	if (!asked.block_bytes != !asked.depth || asked.block_bytes % 4096 ||
	    asked.block_bytes * asked.depth > MAX_FLIGHT_BYTES)
		return report_failure(BAD_INPUT, 0,
				      "Give both or none; a block is whole 4 KiB pages, and what is in "
				      "flight at most 1 GiB.",
				      "--block and --depth do not fit together");
	search.path = argument_text(arguments, "path");
	code = input_file_open(search.path, &file);
	if (code)
		return code;
	search.file = &file;
	if (search.bytes > file.bytes)
		code = report_failure(BAD_FILE, 0, "Give a smaller size or a larger file.",
				      "%s has %s, %s were asked for", search.path, size_text(file.bytes).text,
				      size_text(search.bytes).text);
	else if (asked.depth)
		code = search_one(&search, asked);
	else
		code = search_ceiling(&search);
	close(file.fd);
	return code;
}
