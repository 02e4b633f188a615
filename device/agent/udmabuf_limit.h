/* SPDX-License-Identifier: MIT */
#ifndef AGENT_UDMABUF_LIMIT_H
#define AGENT_UDMABUF_LIMIT_H

#include "../loader/dmabuf_loader.h"

/*
 * Raises udmabuf's size_limit_mb for this process's run where it admits less than @bytes and this user may write it;
 * otherwise the load itself says what is wrong. A stopped agent puts the limit back as well.
 */
void udmabuf_limit_raise(uint64_t bytes);
void udmabuf_limit_restore(void);

#endif
