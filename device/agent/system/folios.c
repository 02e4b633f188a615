/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "loader/rounding.h"
#include "system/folios.h"

/* Documentation/admin-guide/mm/pagemap.rst: bits 0 to 54 are the page frame, bit 63 says that there is one. */
#define FRAME_MASK ((1ULL << 55) - 1)
#define PRESENT (1ULL << 63)
/* include/uapi/linux/kernel-page-flags.h */
#define COMPOUND_HEAD (1ULL << 15)
#define COMPOUND_TAIL (1ULL << 16)
#define STEP_PAGES 512ULL

static bool read_words(int file, uint64_t *words, uint64_t first, uint64_t count)
{
	ssize_t want = (ssize_t)(count * sizeof(*words));

	return pread(file, words, (size_t)want, (off_t)(first * sizeof(*words))) == want;
}

static uint64_t adjoining(const uint64_t *frames, uint64_t count)
{
	uint64_t length = 1;

	while (length < count && frames[length] == frames[0] + length)
		length++;
	return length;
}

static bool count_run(int flags_file, uint64_t frame, uint64_t pages, struct folios *folios)
{
	uint64_t flags[STEP_PAGES];

	if (!read_words(flags_file, flags, frame, pages))
		return false;
	for (uint64_t i = 0; i < pages; i++) {
		folios->count += !(flags[i] & COMPOUND_TAIL);
		if (flags[i] & (COMPOUND_HEAD | COMPOUND_TAIL))
			folios->large_bytes += (int64_t)page_bytes();
	}
	return true;
}

static bool count_step(int map_file, int flags_file, uint64_t page, uint64_t pages, struct folios *folios)
{
	uint64_t frames[STEP_PAGES];

	if (!read_words(map_file, frames, page, pages))
		return false;
	for (uint64_t i = 0; i < pages; i++) {
		if (!(frames[i] & PRESENT) || !(frames[i] & FRAME_MASK))
			return false;
		frames[i] &= FRAME_MASK;
	}
	for (uint64_t done = 0; done < pages;) {
		uint64_t run = adjoining(frames + done, pages - done);

		if (!count_run(flags_file, frames[done], run, folios))
			return false;
		done += run;
	}
	return true;
}

struct folios folios_of(const char *address, uint64_t bytes)
{
	struct folios folios = { 0 };
	uint64_t first = (uintptr_t)address / page_bytes();
	uint64_t pages = (bytes + page_bytes() - 1) / page_bytes();
	int map_file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int flags_file = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	bool told = map_file >= 0 && flags_file >= 0;

	for (uint64_t done = 0; told && done < pages; done += STEP_PAGES)
		told = count_step(map_file, flags_file, first + done, smaller(STEP_PAGES, pages - done), &folios);
	if (map_file >= 0)
		close(map_file);
	if (flags_file >= 0)
		close(flags_file);
	return told ? folios : (struct folios){ -1, -1 };
}
