/* SPDX-License-Identifier: MIT */
#ifndef AGENT_HOST_MEMORY_H
#define AGENT_HOST_MEMORY_H

#include <stdbool.h>

/*
 * Whether this is a virtual machine whose host takes back the memory that is free here (free page reporting of a
 * virtio balloon). The first use of such memory waits for the host: several microseconds a page.
 */
bool host_takes_free_memory(void);

#endif
