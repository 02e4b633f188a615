/* SPDX-License-Identifier: MIT */
#ifndef AGENT_UDMABUF_SCHEMES_H
#define AGENT_UDMABUF_SCHEMES_H

#include "load/load.h"

/* Loads into a memfd that a udmabuf makes a dma-buf of. */
int udmabuf_serial(struct load *load);
int udmabuf_async(struct load *load);
int udmabuf_gather(struct load *load);
/* The same with a memfd for each populating thread's share of a gather, joined by UDMABUF_CREATE_LIST. */
int udmabuf_list(struct load *load);

#endif
