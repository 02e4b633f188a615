/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "commands/measure_options.h"
#include "load/load.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "schemes/catalogue.h"
#include "system/processors.h"
#include "system/procfs.h"

#define MAX_BYTES (1ULL << 53)
#define MAX_CLOCK_KHZ 100000000
#define MAX_FOLIO_BYTES (1ULL << 30)

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

/*
 * memfd-gather-* shows what overlapping alone gives against memfd-*, which populates on one thread. The loader behind
 * udmabuf-gather-direct shows what it can.
 */
static uint64_t default_populators(const struct scheme *scheme, bool huge_pages)
{
	bool one_memfd = !scheme_has_memfd_per_gather(scheme);

	if (one_memfd && scheme->buffer != BUFFER_UDMABUF)
		return 1;
	return dmabuf_loader_default_populators(one_memfd, huge_pages);
}

static bool parse_scheme(const struct argument *arguments, const struct scheme **scheme)
{
	const char *id = argument_text(arguments, "scheme");

	*scheme = scheme_find(id);
	if (*scheme)
		return true;
	report_failure(BAD_INPUT, 0, "Give a scheme of the catalogue.", "there is no scheme %s", id);
	return false;
}

static bool parse_flag(const struct argument *arguments, const char *name, bool *flag)
{
	uint64_t number;

	if (!argument_number(arguments, name, 0, 1, &number))
		return false;
	*flag = number;
	return true;
}

/* Where the kernel tells of no pool, the size that it would most likely have is asked for, and refused. */
static uint64_t default_hugetlb_bytes(void)
{
	int64_t kib = procfs_field("/proc/meminfo", "Hugepagesize");

	return kib > 0 ? (uint64_t)kib * 1024 : 2ULL << 20;
}

static bool parse_huge_pages(const struct argument *arguments, struct measure_options *options)
{
	bool hugetlb;

	if (!argument_number(arguments, "folio", 0, MAX_FOLIO_BYTES, &options->folio_bytes) ||
	    !parse_flag(arguments, "hugetlb", &hugetlb))
		return false;
	options->hugetlb_bytes = hugetlb ? default_hugetlb_bytes() : 0;
	if (options->huge_pages ? !hugetlb || !options->folio_bytes : !hugetlb && !options->folio_bytes)
		return true;
	report_failure(BAD_INPUT, 0, "Ask for --huge-pages 1 with one of the two.",
		       "--folio and --hugetlb say which huge pages, and not both");
	return false;
}

/* Before anything is counted by the processors that there are. */
static bool bind(const char *cpus)
{
	struct dmabuf_loader_error error;

	if (!*cpus || processors_bind(cpus, &error) == 0)
		return true;
	report_failure(BAD_INPUT, error.error, "Give processors that the target offers.", "--cpus: %s", error.reason);
	return false;
}

bool measure_options_parse(int count, char **words, const struct scheme **scheme, struct measure_options *options)
{
	struct argument arguments[] = {
		{ "scheme", NULL }, { "path", NULL },	   { "bytes", NULL },	 { "gather", "134217728" },
		{ "readers", "1" }, { "populators", "0" }, { "heap", "system" }, { "verify", "none" },
		{ "cold", "1" },    { "huge-pages", "0" }, { "folio", "0" },	 { "hugetlb", "0" },
		{ "cpus", "" },	    { "clock", "0" },
	};

	if (!arguments_parse(count, words, arguments, sizeof(arguments) / sizeof(*arguments)) ||
	    !parse_scheme(arguments, scheme) || !argument_number(arguments, "bytes", 1, MAX_BYTES, &options->bytes) ||
	    !argument_number(arguments, "gather", 4096, MAX_BYTES, &options->gather_bytes) ||
	    !argument_number(arguments, "readers", 1, DMABUF_LOADER_MAX_THREADS, &options->readers) ||
	    !argument_number(arguments, "populators", 0, DMABUF_LOADER_MAX_THREADS, &options->populators) ||
	    !argument_number(arguments, "clock", 0, MAX_CLOCK_KHZ, &options->clock_khz) ||
	    !parse_flag(arguments, "cold", &options->cold) ||
	    !parse_flag(arguments, "huge-pages", &options->huge_pages) || !parse_huge_pages(arguments, options) ||
	    !parse_verify(arguments, options) || !argument_heap(arguments, &options->heap))
		return false;
	options->path = argument_text(arguments, "path");
	options->cpus = argument_text(arguments, "cpus");
	if (!bind(options->cpus))
		return false;
	if (!options->populators)
		options->populators = default_populators(*scheme, options->huge_pages);
	return true;
}
