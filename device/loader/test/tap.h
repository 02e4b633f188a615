/* SPDX-License-Identifier: MIT */
#ifndef LOADER_TEST_TAP_H
#define LOADER_TEST_TAP_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../dmabuf_loader.h"

/* What the test programs share: a report in TAP, and what a leak would show in. */

static int tests, failures;

static inline void check(bool passed, const char *what)
{
	tests++;
	failures += !passed;
	printf("%sok %d - %s\n", passed ? "" : "not ", tests, what);
}

/* The program's result. */
static inline int end_report(void)
{
	printf("1..%d\n", tests);
	return failures > 0;
}

static inline int entries_of(const char *path)
{
	DIR *folder = opendir(path);
	int count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static inline int threads_of_process(void)
{
	return entries_of("/proc/self/task");
}

/* A thread that was joined may be listed for a moment longer. */
static inline bool threads_end(int before)
{
	for (int waited_ms = 0; threads_of_process() > before; waited_ms++) {
		if (waited_ms > 60000)
			return false;
		usleep(1000);
	}
	return true;
}

/* The kind of memory that a word of the command line names; AUTO where it names none. */
static inline enum dmabuf_loader_memory memory_named(const char *word)
{
	for (int memory = DMABUF_LOADER_AUTO; dmabuf_loader_memory_name((enum dmabuf_loader_memory)memory); memory++)
		if (!strcmp(word, dmabuf_loader_memory_name((enum dmabuf_loader_memory)memory)))
			return (enum dmabuf_loader_memory)memory;
	return DMABUF_LOADER_AUTO;
}

#endif
