/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "protocol/size_text.h"

struct size_text size_text(uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	struct size_text size;
	double count = (double)bytes;
	unsigned int unit = 0;

	while (count >= 1024 && unit < sizeof(units) / sizeof(units[0]) - 1) {
		count /= 1024;
		unit++;
	}
	/* Three significant digits; four where there are four before the point. */
	snprintf(size.text, sizeof(size.text),
		 count >= 1000 ? "%.0f%s (%" PRIu64 " bytes)" : "%.3g%s (%" PRIu64 " bytes)", count, units[unit],
		 bytes);
	return size;
}
