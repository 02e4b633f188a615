/* SPDX-License-Identifier: MIT */
#ifndef AGENT_MEASURE_OPTIONS_H
#define AGENT_MEASURE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct scheme;

enum verify { VERIFY_NONE, VERIFY_SEED, VERIFY_FILE };

struct measure_options {
	const char *path;
	const char *heap;
	uint64_t bytes;
	uint64_t gather_bytes;
	uint64_t readers;
	uint64_t populators;
	uint64_t seed;
	enum verify verify;
	bool cold;
	bool huge_pages;
	uint64_t folio_bytes;	/* huge pages of this size alone; 0: the kernel's largest */
	const char *cpus;	/* the processors to run on, as "0-3,6"; "": all that there are */
	uint64_t clock_khz;	/* their clock is capped at it; 0: not */
	uint64_t hugetlb_bytes; /* huge pages out of the reserved pool; 0: none of it */
};

/* Parses the options of `measure`; reports a bad one and returns false. */
bool measure_options_parse(int count, char **words, const struct scheme **scheme, struct measure_options *options);

#endif
