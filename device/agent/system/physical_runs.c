/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "loader/rounding.h"
#include "system/physical_runs.h"

/* Documentation/admin-guide/mm/pagemap.rst: bits 0 to 54 are the page frame, bit 63 says that there is one. */
#define FRAME_MASK ((1ULL << 55) - 1)
#define PRESENT (1ULL << 63)
#define STEP_PAGES 8192ULL

static int64_t runs_of(const uint64_t *entries, uint64_t count, uint64_t *last)
{
	int64_t runs = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t frame = entries[i] & FRAME_MASK;

		if (!(entries[i] & PRESENT) || frame == 0)
			return -1;
		runs += frame != *last + 1;
		*last = frame;
	}
	return runs;
}

int64_t physical_runs(const char *address, uint64_t bytes)
{
	static uint64_t entries[STEP_PAGES];
	uint64_t first = (uintptr_t)address / page_bytes();
	uint64_t pages = (bytes + page_bytes() - 1) / page_bytes();
	int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t last = 0;
	int64_t sum = 0;

	if (file < 0)
		return -1;
	for (uint64_t done = 0; done < pages && sum >= 0; done += STEP_PAGES) {
		uint64_t count = smaller(STEP_PAGES, pages - done);
		ssize_t want = (ssize_t)(count * sizeof(*entries));
		int64_t runs = -1;

		if (pread(file, entries, (size_t)want, (off_t)((first + done) * sizeof(*entries))) == want)
			runs = runs_of(entries, count, &last);
		sum = runs < 0 ? -1 : sum + runs;
	}
	close(file);
	return sum;
}
