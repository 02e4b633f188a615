/* SPDX-License-Identifier: MIT */
#ifndef AGENT_IN_KERNEL_SCHEMES_H
#define AGENT_IN_KERNEL_SCHEMES_H

#include "load/load.h"

/* Loads that happen in the kernel, in the way that was chosen before: by its own patch, or by the lab's module. */
/* Whether a scheme is one of those, and not another that fills its buffer by an ioctl. */
bool in_kernel_is(const struct scheme *scheme);

int in_kernel_serial(struct load *load);
int in_kernel_gather(struct load *load);

/* Fills the load's dma-buf through a 64 KiB pipe in the kernel, and marks the load as emulated. */
int in_kernel_pipe_into(struct load *load);

#endif
