/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "in_kernel/in_kernel_patch.h"
#include "in_kernel/in_kernel_patch_uapi.h"
#include "loader/dmabuf.h"
#include "loader/error.h"
#include "loader/rounding.h"

#define DMABUF_FLAGS (O_RDWR | O_CLOEXEC)

/* A stock heap knows neither the command nor the flag (drivers/dma-buf/dma-heap.c: EINVAL; other drivers: ENOTTY). */
static int not_loaded(struct dmabuf_loader_error *error, int number, const char *what)
{
	if (number == EINVAL || number == ENOTTY)
		return load_refused(error, number, "this kernel's heap has no %s", what);
	return load_failed(error, number, "the heap's %s could not load the file", what);
}

int in_kernel_patch_ioctl(int heap, int file, uint64_t batch_bytes, struct dmabuf_loader_error *error)
{
	struct in_kernel_patch_file_data request = {
		.file_fd = (uint32_t)file,
		.batch = (uint32_t)batch_bytes,
		.fd_flags = DMABUF_FLAGS,
	};

	if (ioctl(heap, IN_KERNEL_PATCH_IOCTL_ALLOC_AND_READ, &request))
		return not_loaded(error, errno, "DMA_HEAP_IOCTL_ALLOC_AND_READ");
	return (int)request.fd;
}

int in_kernel_patch_flag(int heap, int file, struct dmabuf_loader_error *error)
{
	struct dma_heap_allocation_data request = {
		.len = (uint32_t)file,
		.fd_flags = DMABUF_FLAGS,
		.heap_flags = IN_KERNEL_PATCH_HEAP_FLAG_ALLOC_AND_READ_FILE,
	};

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request))
		return not_loaded(error, errno, "DMA_HEAP_ALLOC_AND_READ_FILE");
	return (int)request.fd;
}

uint64_t in_kernel_patch_batch(uint64_t gather_bytes, uint64_t file_bytes)
{
	uint64_t smallest = IN_KERNEL_PATCH_SMALLEST_BATCH_PAGES * page_bytes();
	uint64_t largest = UINT32_MAX / smallest * smallest;
	uint64_t whole_pages = file_bytes / page_bytes() * page_bytes();

	return smaller(smaller(round_up(gather_bytes, smallest), largest), whole_pages);
}

/* Another kernel may mean something else by the same numbers: then what came back is no buffer, or not with the file. */
static int check_content(int dmabuf, const struct trial_file *file, const char *what, struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_error ignored;
	bool is_dmabuf = dmabuf > 0 && dmabuf_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ, &ignored) == 0;
	bool loaded = is_dmabuf && trial_file_is_in(file, dmabuf);

	if (is_dmabuf) {
		dmabuf_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ, &ignored);
		close(dmabuf);
	}
	return loaded ? 0 : load_refused(error, 0, "this kernel's heap means something else by %s", what);
}

int in_kernel_patch_try_ioctl(int heap, const struct trial_file *file, struct dmabuf_loader_error *error)
{
	/* Too small for any piece but single pages, so a batch of one page is safe here. */
	int dmabuf = in_kernel_patch_ioctl(heap, file->fd, page_bytes(), error);

	return dmabuf < 0 ? -1 : check_content(dmabuf, file, "ioctl 1", error);
}

int in_kernel_patch_try_flag(int heap, const struct trial_file *file, struct dmabuf_loader_error *error)
{
	int dmabuf = in_kernel_patch_flag(heap, file->fd, error);

	return dmabuf < 0 ? -1 : check_content(dmabuf, file, "heap flag 1", error);
}

int in_kernel_patch_flag_overlaps(int heap, const struct trial_file *file, struct dmabuf_loader_error *error)
{
	int direct = open(file->path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	struct dmabuf_loader_error refusal = { 0 };
	int dmabuf;

	if (direct < 0)
		return load_refused(error, errno,
				    "without O_DIRECT in the directory nothing tells how the heap flag reads");
	dmabuf = in_kernel_patch_flag(heap, direct, &refusal);
	close(direct);
	if (dmabuf >= 0)
		close(dmabuf);
	return dmabuf >= 0 || refusal.error != EINVAL;
}
