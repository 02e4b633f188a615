/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../loader/clock.h"
#include "../loader/rounding.h"
#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "input_file.h"
#include "page_cache.h"
#include "sample.h"
#include "system_file.h"
#include "verify.h"

/* Spans of a load outside its gathers, and for each gather: alloc, wait, read. */
#define FIXED_SPANS 16
#define SPANS_PER_GATHER 3
#define MAX_GATHERS (1ULL << 18)
#define MAX_BYTES (1ULL << 53)

static bool parse_verify(const struct argument *arguments, struct measure_options *options)
{
	const char *text = argument_text(arguments, "verify");

	options->verify = VERIFY_NONE;
	if (strcmp(text, "none") == 0)
		return true;
	options->verify = VERIFY_FILE;
	if (strcmp(text, "file") == 0)
		return true;
	options->verify = VERIFY_SEED;
	if (strncmp(text, "seed:", 5) == 0 && parse_number(text + 5, &options->seed))
		return true;
	report_failure(BAD_INPUT, 0, "Give seed:<number>, file or none.", "--verify is \"%s\"", text);
	return false;
}

static bool parse_options(int count, char **words, const struct scheme **scheme, struct measure_options *options)
{
	struct argument arguments[] = {
		{ "scheme", NULL },	{ "path", NULL },   { "bytes", NULL },	{ "gather", "134217728" },
		{ "readers", "1" },	{ "heap", "system" }, { "verify", "none" }, { "cold", "1" },
		{ "huge-pages", "0" },	{ "populators", "1" },
	};
	uint64_t cold, huge_pages;

	if (!arguments_parse(count, words, arguments, sizeof(arguments) / sizeof(*arguments)) ||
	    !argument_number(arguments, "bytes", 1, MAX_BYTES, &options->bytes) ||
	    !argument_number(arguments, "gather", 4096, MAX_BYTES, &options->gather_bytes) ||
	    !argument_number(arguments, "readers", 1, DMABUF_LOADER_MAX_THREADS, &options->readers) ||
	    !argument_number(arguments, "populators", 1, DMABUF_LOADER_MAX_THREADS, &options->populators) ||
	    !argument_number(arguments, "cold", 0, 1, &cold) ||
	    !argument_number(arguments, "huge-pages", 0, 1, &huge_pages) || !parse_verify(arguments, options))
		return false;
	options->path = argument_text(arguments, "path");
	options->heap = argument_text(arguments, "heap");
	options->cold = cold;
	options->huge_pages = huge_pages;
	*scheme = scheme_find(argument_text(arguments, "scheme"));
	if (*scheme)
		return true;
	report_failure(BAD_INPUT, 0, "Give a scheme of the catalogue.", "there is no scheme %s",
		       argument_text(arguments, "scheme"));
	return false;
}

static int check_sizes(const struct measure_options *options, const struct input_file *file)
{
	int64_t available = memory_available_bytes();

	if (options->bytes > file->bytes)
		return report_failure(BAD_FILE, 0, "Give a smaller size or a larger file.",
				      "%s has %" PRIu64 " bytes, %" PRIu64 " were asked for", options->path,
				      file->bytes, options->bytes);
	if (available >= 0 && options->bytes > (uint64_t)available)
		return report_failure(NO_MEMORY, 0, "Load a smaller size, or free memory.",
				      "%" PRIu64 " bytes do not fit into the %" PRId64 " bytes of available memory",
				      options->bytes, available);
	return 0;
}

/* Gathers are whole pages and whole blocks, or a direct read of one could not start where the last ended. */
static uint64_t rounded_gather(const struct measure_options *options, int fd)
{
	uint64_t align = larger(direct_align_of(fd).offset_bytes, 1);

	return round_up(round_up(options->gather_bytes, page_bytes()), align);
}

/* Everything the load writes its times into, allocated and touched before the timer starts. */
static int prepare_records(struct load *load, int fd)
{
	if (load->scheme->gathers) {
		load->gather_bytes = rounded_gather(load->options, fd);
		load->gather_count = dmabuf_loader_gather_count(load->options->bytes, load->gather_bytes);
		if (load->gather_count > MAX_GATHERS)
			return report_failure(BAD_INPUT, 0, "Give a larger gather.",
					      "a gather of %" PRIu64 " bytes makes %" PRIu64 " gathers, more than %llu",
					      load->gather_bytes, load->gather_count, MAX_GATHERS);
		load->gathers = malloc(load->gather_count * sizeof(*load->gathers));
		if (load->gathers)
			memset(load->gathers, 0, load->gather_count * sizeof(*load->gathers));
	}
	if ((load->scheme->gathers && !load->gathers) ||
	    span_log_create(&load->log, load->gather_count * SPANS_PER_GATHER + FIXED_SPANS))
		return report_failure(NO_MEMORY, 0, "Free some memory and try again.", "no memory for the spans");
	return 0;
}

static void run_timed(struct load *load, struct sample *sample)
{
	load->log.zero_ns = now_ns();
	sample->result = load->scheme->run(load);
	sample->total_ns = now_ns() - load->log.zero_ns;
}

static void verify(struct load *load, struct sample *sample, int fd)
{
	const struct measure_options *options = load->options;

	if (sample->result || options->verify == VERIFY_NONE)
		return;
	if (options->verify == VERIFY_SEED)
		sample->result = verify_seed(load->loaded, options->seed, options->bytes, &load->error);
	else
		sample->result = verify_file(load->loaded, fd, options->bytes, &load->error);
	sample->verified = sample->result == 0;
}

/* The buffer has to live until it is verified, so closing is timed then and set right after the load. */
static void release(struct load *load, struct sample *sample)
{
	int64_t load_end = load->log.zero_ns + sample->total_ns;
	int64_t start = now_ns();

	load->scheme->release(load);
	span_add(&load->log, LANE_CALLER, PHASE_CLOSE, load_end, load_end + now_ns() - start, load->options->bytes,
		 NO_GATHER);
}

static void measure(struct load *load, const struct input_file *file)
{
	uint64_t bytes = load->options->bytes;
	struct sample sample = { .load = load };

	if (load->options->cold)
		drop_caches(file->fd);
	counters_take(&sample.before, file->fd, bytes, file->device);
	run_timed(load, &sample);
	counters_take(&sample.after, file->fd, bytes, file->device);
	if (sample.result == 0 && load->gathers)
		load_add_gather_spans(load);
	verify(load, &sample, file->fd);
	release(load, &sample);
	sample_write(&sample);
}

int command_measure(int count, char **words)
{
	struct measure_options options = { 0 };
	struct load load = {
		.options = &options,
		.source.fd = -1,
		.memory.fd = -1,
		.first_gather_ns = -1,
	};
	struct input_file file;
	int code;

	if (!parse_options(count, words, &load.scheme, &options))
		return EXIT_USAGE;
	code = input_file_open(options.path, &file);
	if (code)
		return code;
	code = check_sizes(&options, &file);
	if (!code)
		code = prepare_records(&load, file.fd);
	if (!code)
		measure(&load, &file);
	free(load.gathers);
	span_log_free(&load.log);
	close(file.fd);
	return code;
}
