/* SPDX-License-Identifier: MIT */
#ifndef AGENT_IMPORTERS_H
#define AGENT_IMPORTERS_H

#include <stdint.h>

/* How long it takes until a device may read a dma-buf, in ns. -1: this machine has no such importer, or it refused. */
struct import_times {
	int64_t ns; /* attach, map and sync, by the device of the lab's kernel module */
	int64_t attach_ns;
	int64_t map_ns;
	int64_t sync_ns;
	int64_t segments; /* runs of addresses that the device would be given */
	int64_t vgem_ns;  /* all of it, by the kernel's virtual GPU (vgem) */
};

#define NOT_IMPORTED                   \
	{                              \
		-1, -1, -1, -1, -1, -1 \
	}

struct import_times import_times_of(int dmabuf);

/* Of several buffers, one after the other. */
void import_times_add(struct import_times *sum, const struct import_times *times);

#endif
