/* SPDX-License-Identifier: MIT */
#ifndef AGENT_COUNTERS_H
#define AGENT_COUNTERS_H

#include <stdint.h>

/* What is counted before and after a load. -1: not told. */
struct counters {
	int64_t device_read_bytes;  /* by anyone, from the file's block device */
	int64_t process_read_bytes; /* by this process, from any device */
	int64_t resident_bytes;	    /* of the file, in the page cache */
	int64_t huge_page_bytes;    /* of shared memory, of the whole system */
	int64_t cpu_ns;		    /* user and system time of this process */
	int64_t minor_faults;
	int64_t free_list_bytes; /* free memory on the processors' own lists */
	int64_t cooling_state;	 /* of cooling_state() */
};

/* The sum over the processors' cooling devices, 0 while none holds a frequency down; -1 without such devices. */
int64_t cooling_state(void);

void counters_take(struct counters *counters, int fd, uint64_t bytes, uint64_t device);

/* after - before, or -1 where either is not known. */
int64_t counter_difference(int64_t before, int64_t after);

#endif
