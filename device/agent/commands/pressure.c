/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "commands/commands.h"
#include "file/content.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/size_text.h"
#include "protocol/watch_stdin.h"
#include "system/procfs.h"

int command_pressure(int count, char **words)
{
	struct argument arguments[] = { { "bytes", NULL } };
	int64_t available = meminfo_bytes("MemAvailable");
	uint64_t bytes;
	char *memory;

	if (!arguments_parse(count, words, arguments, 1) || !argument_number(arguments, "bytes", 1, 1ULL << 53, &bytes))
		return EXIT_USAGE;
	if (available >= 0 && bytes > (uint64_t)available)
		return report_failure(NO_MEMORY, 0, "Ask for less pressure.",
				      "%s do not fit into the available memory of %s", size_text(bytes).text,
				      size_text((uint64_t)available).text);
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return report_failure(NO_MEMORY, errno, "Ask for less pressure.", "cannot allocate %s",
				      size_text(bytes).text);
	/* Incompressible, or a device that swaps to compressed memory would hardly feel it. */
	content_fill(memory, 0, 0, bytes);
	json_line("pressure");
	json_number("bytes", (int64_t)bytes);
	json_line_end();
	fflush(stdout);
	wait_until_stopped();
}
