/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "dmabuf.h"
#include "error.h"

int dmabuf_sync(int dmabuf, unsigned int flags, struct dmabuf_loader_error *error)
{
	struct dma_buf_sync sync = { .flags = flags };

	while (ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync))
		if (errno != EINTR && errno != EAGAIN)
			return load_failed(error, errno, "DMA_BUF_IOCTL_SYNC failed");
	return 0;
}

char *dmabuf_map(int dmabuf, uint64_t bytes, int protection, struct dmabuf_loader_error *error)
{
	void *address = mmap(NULL, bytes, protection, MAP_SHARED, dmabuf, 0);

	if (address != MAP_FAILED)
		return address;
	load_refused(error, errno, "the CPU cannot map this dma-buf");
	return NULL;
}
