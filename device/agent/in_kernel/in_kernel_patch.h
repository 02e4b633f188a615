/* SPDX-License-Identifier: MIT */
#ifndef AGENT_IN_KERNEL_PATCH_H
#define AGENT_IN_KERNEL_PATCH_H

#include "file/trial_file.h"
#include "loader/dmabuf_loader.h"

/*
 * Calls of a heap whose kernel carries one of the refused series (refused_patches.h). Each allocates a buffer, reads
 * the whole of @file into it and returns the dma-buf, or -1 with @error.
 */

/* First series. @batch_bytes: from in_kernel_patch_batch(). */
int in_kernel_patch_ioctl(int heap, int file, uint64_t batch_bytes, struct dmabuf_loader_error *error);

/* Second series. */
int in_kernel_patch_flag(int heap, int file, struct dmabuf_loader_error *error);

/* The first series' batch for a gather: what its gathering array has room for, and no more than the file has. */
uint64_t in_kernel_patch_batch(uint64_t gather_bytes, uint64_t file_bytes);

/*
 * Whether the heap has the call, found by loading the file; a buffer is freed again. On a heap without it the kernel
 * refuses the call before it allocates anything. Returns 0, or -1 and why not.
 */
int in_kernel_patch_try_ioctl(int heap, const struct trial_file *file, struct dmabuf_loader_error *error);
int in_kernel_patch_try_flag(int heap, const struct trial_file *file, struct dmabuf_loader_error *error);

/*
 * Of a heap that has the flag: whether it reads while it allocates (patches 1 to 4) or afterwards (patch 1 alone).
 * Returns 1, 0, or -1 with @error where the file cannot be opened with O_DIRECT, which is what tells them apart.
 */
int in_kernel_patch_flag_overlaps(int heap, const struct trial_file *file, struct dmabuf_loader_error *error);

#endif
