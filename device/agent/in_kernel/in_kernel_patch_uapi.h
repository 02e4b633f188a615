/* SPDX-License-Identifier: MIT */
/*
 * The user-space interfaces of the two series for dma-heap that Linux refused in July 2024: numbers and layouts, as
 * their mails give them. No header of a stock kernel has them.
 */
#ifndef AGENT_IN_KERNEL_PATCH_UAPI_H
#define AGENT_IN_KERNEL_PATCH_UAPI_H

#include <linux/dma-heap.h>

/*
 * First series, "Introduce DMA_HEAP_IOCTL_ALLOC_AND_READ", <20240711074221.459589-1-link@vivo.com>; the structure is in
 * <20240711074221.459589-2-link@vivo.com>. Allocates as much as the file has bytes, and reads it on a kernel thread
 * whenever another @batch is allocated.
 *
 * @fd: in: zero; out: the dma-buf
 * @file_fd: the file, not zero; read directly if it was opened with O_DIRECT
 * @batch: bytes; zero for 128 MiB; EINVAL where it is larger than the file
 */
struct in_kernel_patch_file_data {
	__u32 fd;
	__u32 file_fd;
	__u32 batch;
	__u32 fd_flags;
	__u64 heap_flags;
};

#define IN_KERNEL_PATCH_IOCTL_ALLOC_AND_READ _IOWR(DMA_HEAP_IOC_MAGIC, 0x1, struct in_kernel_patch_file_data)

/*
 * The series gathers pages into an array of @batch / PAGE_SIZE pointers, and the system heap's largest piece is of
 * order 8: a smaller batch is written past its end (dma_heap_prepare_file_read in ...-2-link@vivo.com).
 */
#define IN_KERNEL_PATCH_SMALLEST_BATCH_PAGES 256

/*
 * Second series, "Introduce DMA_HEAP_ALLOC_AND_READ_FILE heap flag", <20240730075755.10941-1-link@vivo.com>; the flag
 * is in <20240730075755.10941-2-link@vivo.com>: a bit of heap_flags of DMA_HEAP_IOCTL_ALLOC. A union puts the
 * descriptor of the file into the low half of len.
 *
 * With patch 1 alone the kernel reads when all is allocated, and refuses (EINVAL) a file that is open with O_DIRECT and
 * whose size is no multiple of a page. With patches 1 to 4 (...-3- to ...-5-link@vivo.com) it reads while it allocates,
 * and takes such a file: the last page goes through the page cache.
 */
#define IN_KERNEL_PATCH_HEAP_FLAG_ALLOC_AND_READ_FILE 1ULL

/* Patch 5, <20240730075755.10941-6-link@vivo.com>: bytes of a gather; 128 MiB without that patch. */
#define IN_KERNEL_PATCH_GATHER_LIMIT_PATH "/sys/module/dma_heap/parameters/gather_limit"
#define IN_KERNEL_PATCH_GATHER_LIMIT_BYTES (128ULL << 20)

#endif
