/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SCHEME_KERNEL_H
#define AGENT_SCHEME_KERNEL_H

#include "load.h"

/* Loads that happen in the kernel, in the way that was chosen before: by its own patch, or by the lab's module. */
int kernel_read_sync(struct load *load);
int kernel_read_async(struct load *load);

/* Fills the load's dma-buf through a 64 KiB pipe in the kernel, and marks the load as emulated. */
int kernel_pipe_into(struct load *load);

#endif
