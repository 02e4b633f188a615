// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "counters.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

/* The numbers of @format in the first line of a file that has all @count. */
static void scan_file(const char *path, const char *format, int count, long *first, long *second)
{
	FILE *file = fopen(path, "r");
	char line[512];
	bool found = false;

	if (!file)
		bail_out("open %s", path);
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, format, first, second) == count;
	fclose(file);
	if (!found)
		bail_out("%s is not what it was", path);
}

static void drop_caches(void)
{
	FILE *file = fopen("/proc/sys/vm/drop_caches", "w");

	sync();
	if (!file || fputs("3\n", file) < 0 || fclose(file))
		bail_out("drop caches");
}

/*
 * Gives back the pages of slabs without objects, and with KASAN those of
 * objects that it holds in quarantine.
 */
static void shrink_slabs(void)
{
	DIR *folder = opendir("/sys/kernel/slab");
	struct dirent *entry;

	if (!folder)
		bail_out("open /sys/kernel/slab");
	while ((entry = readdir(folder))) {
		char path[300];
		FILE *file;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		file = fopen(path, "w");
		/* A cache may have gone since. */
		if (!file)
			continue;
		fputs("1\n", file);
		fclose(file);
	}
	closedir(folder);
}

static long count_reader_threads(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	long count = 0;

	if (!folder)
		bail_out("open /proc");
	while ((entry = readdir(folder))) {
		char path[300], name[64] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file) && !strncmp(name, "dmabuf_lab/", strlen("dmabuf_lab/")))
			count++;
		fclose(file);
	}
	closedir(folder);
	return count;
}

/* Free in the zones, and in the per-CPU lists that the zones do not count. */
static long count_free_pages(void)
{
	FILE *refresh = fopen("/proc/sys/vm/stat_refresh", "w");
	FILE *file = fopen("/proc/zoneinfo", "r");
	long count = 0, pages;
	char line[512];

	if (!refresh || fputs("1\n", refresh) < 0 || fclose(refresh) || !file)
		bail_out("read /proc/zoneinfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " pages free %ld", &pages) == 1 || sscanf(line, " count: %ld", &pages) == 1)
			count += pages;
	fclose(file);
	return count;
}

long slack_pages(void)
{
	return access("/sys/kernel/debug/kmemleak", F_OK) ? 1024 : 16384;
}

struct counters read_counters(void)
{
	struct counters now = { 0 };
	long unused;

	/* Files, stacks and page tables of the dead are freed by queued work. */
	drop_caches();
	usleep(1000 * 1000);
	drop_caches();
	shrink_slabs();
	now.free_pages = count_free_pages();
	scan_file("/sys/kernel/debug/dma_buf/bufinfo", "Total %ld objects, %ld bytes", 2, &now.dma_bufs,
		  &now.dma_buf_bytes);
	scan_file("/proc/sys/fs/file-nr", "%ld", 1, &now.files, &unused);
	scan_file("/sys/module/dmabuf_lab/refcnt", "%ld", 1, &now.module_references, &unused);
	now.reader_threads = count_reader_threads();
	return now;
}

void note_counters(const char *when, const struct counters *counters)
{
	note("%s: free pages %ld, dma-bufs %ld (%ld bytes), files %ld, "
	     "reader threads %ld, module references %ld",
	     when, counters->free_pages, counters->dma_bufs, counters->dma_buf_bytes, counters->files,
	     counters->reader_threads, counters->module_references);
}
