/* SPDX-License-Identifier: MIT */
#ifndef AGENT_WRAPFD_SCHEMES_H
#define AGENT_WRAPFD_SCHEMES_H

#include "load/load.h"

/* What Android ships since 2026: one heap buffer, allocated, wrapped, owned and loaded by the kernel, in that order. */
int wrapfd_serial(struct load *load);

/* A heap buffer for each gather: one is loaded while the next is allocated. */
int wrapfd_segments(struct load *load);

/* One heap buffer, wrapped once for each reader: its gathers are loaded side by side. */
int wrapfd_slices(struct load *load);

#endif
