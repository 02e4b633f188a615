/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "system/procfs.h"
#include "system/test_process.h"

static bool runs_below(long ancestor)
{
	char path[64];
	long pid = getppid();

	while (pid > 1 && pid != ancestor) {
		snprintf(path, sizeof(path), "/proc/%ld/status", pid);
		pid = (long)procfs_field(path, "PPid");
	}
	return pid > 1;
}

long test_process(void)
{
	const char *text = getenv(CLAIM_OF_TEST);
	char *end;
	long pid;

	if (!text || !*text)
		return 0;
	pid = strtol(text, &end, 10);
	if (!*end && pid > 1 && runs_below(pid))
		return pid;
	fprintf(stderr, CLAIM_OF_TEST " is left aside: no test of that process runs here\n");
	return 0;
}
