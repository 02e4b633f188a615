/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's own counters of what a load could leave behind.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

/*
 * Free pages that may be gone without a leak: slabs breathe. A kernel that
 * keeps records of allocations takes pages for them.
 */
long slack_pages(void);

struct counters {
	long free_pages; /* /proc/zoneinfo, caches dropped */
	long dma_bufs;	 /* debugfs dma_buf/bufinfo */
	long dma_buf_bytes;
	long files;		/* /proc/sys/fs/file-nr */
	long reader_threads;	/* tasks named dmabuf_lab/N */
	long module_references; /* /sys/module/dmabuf_lab/refcnt */
};

struct counters read_counters(void);
void note_counters(const char *when, const struct counters *counters);

#endif
