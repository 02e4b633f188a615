/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "in_kernel/wrapfd_trial.h"
#include "loader/dma_heap.h"
#include "loader/dmabuf.h"
#include "loader/error.h"
#include "loader/rounding.h"
#include "loader/wrapfd.h"

static int try_load(const struct wrapfd_device *device, int buffer, const struct trial_file *file,
		    struct dmabuf_loader_error *error)
{
	struct wrapfd_part whole = { .file = file->fd, .bytes = file->bytes };
	int wrapfd = wrapfd_own(device, buffer, error);
	int result;

	if (wrapfd < 0)
		return -1;
	result = wrapfd_load(wrapfd, &whole, error);
	close(wrapfd);
	if (result)
		return -1;
	if (dmabuf_sync(buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ, error))
		return -1;
	if (!trial_file_is_in(file, buffer))
		result = load_refused(error, EIO, "wrapfd loads something else than the file");
	(void)dmabuf_sync(buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ, error);
	return result;
}

int wrapfd_try(const char *heap, const struct trial_file *file, struct dmabuf_loader_error *error)
{
	struct wrapfd_device device;
	int source, buffer = -1, result = -1;

	if (wrapfd_open(&device, error))
		return -1;
	source = dma_heap_open(heap, error);
	if (source >= 0)
		buffer = dma_heap_alloc(source, round_up(file->bytes, page_bytes()), error);
	if (buffer >= 0) {
		result = try_load(&device, buffer, file, error);
		close(buffer);
	}
	if (source >= 0)
		close(source);
	wrapfd_close(&device);
	return result;
}
