/* SPDX-License-Identifier: MIT */
#ifndef AGENT_PHYSICAL_RUNS_H
#define AGENT_PHYSICAL_RUNS_H

#include <stdint.h>

/*
 * In how many runs of adjoining physical pages the mapped and populated memory lies; -1 where the kernel does not tell
 * (/proc/self/pagemap hides page frames from all but root). A direct read has a segment for each run.
 */
int64_t physical_runs(const char *address, uint64_t bytes);

#endif
