/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * dmabuf-lab: load a file into a dma-buf inside the kernel.
 *
 * Every size is in bytes and every time in nanoseconds of CLOCK_MONOTONIC.
 * Fields named reserved must be zero; unknown flags are refused with EINVAL.
 * A file opened with O_DIRECT is read directly, any other through the page
 * cache.
 */
#ifndef DMABUF_LAB_UAPI_H
#define DMABUF_LAB_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define DMABUF_LAB_DEVICE "/dev/dmabuf_lab"

/* Raised whenever a structure or its meaning changes. */
#define DMABUF_LAB_ABI_VERSION 1

/* Gather size of a call that gives none, as in the published series. */
#define DMABUF_LAB_DEFAULT_GATHER_BYTES (128ULL << 20)

/* Gathers per call; a smaller gather size than this allows is refused. */
#define DMABUF_LAB_MAX_GATHERS 65536

/*
 * Without this flag the caller allocates everything, then reads it itself.
 * With it, kernel threads read each gather while allocation goes on.
 */
#define DMABUF_LAB_ASYNC 0x1U

/*
 * READ_INTO only, not with ASYNC: read as sendfile(2) would if dma-buf had a
 * splice hook, through a 64 KiB pipe and a copy into the buffer.
 */
#define DMABUF_LAB_PIPE 0x2U

/**
 * struct dmabuf_lab_info - answer of DMABUF_LAB_IOC_INFO
 * @abi_version: DMABUF_LAB_ABI_VERSION of the module
 * @max_readers: most reader threads of one call
 * @max_bytes: largest buffer of one call
 * @min_gather_bytes: smallest gather; gathers are multiples of the page size
 * @max_gather_bytes: largest gather
 * @reserved: zero
 */
struct dmabuf_lab_info {
	__u32 abi_version;
	__u32 max_readers;
	__u64 max_bytes;
	__u64 min_gather_bytes;
	__u64 max_gather_bytes;
	__u64 reserved[4];
};

/**
 * struct dmabuf_lab_gather - what happened to one gather
 * @offset: where it begins, counted from the first byte of the call
 * @bytes: file bytes in it; the last one may end inside a page
 * @alloc_begin_ns: allocation of its pages began; zero for READ_INTO
 * @alloc_end_ns: allocation of its pages ended; zero for READ_INTO
 * @read_begin_ns: reading began
 * @read_end_ns: reading ended
 * @gather: index, from zero
 * @reader: index of the thread that read it, from zero; zero for the caller
 */
struct dmabuf_lab_gather {
	__u64 offset;
	__u64 bytes;
	__u64 alloc_begin_ns;
	__u64 alloc_end_ns;
	__u64 read_begin_ns;
	__u64 read_end_ns;
	__u32 gather;
	__u32 reader;
};

/**
 * struct dmabuf_lab_read - one load
 * @file_fd: regular file, open for reading
 * @flags: DMABUF_LAB_*
 * @dmabuf_fd: ALLOC_AND_READ: out, the new buffer, close-on-exec, open for
 *	reading and writing; READ_INTO: in, the buffer to fill
 * @readers: reader threads of an ASYNC call, at least 1; otherwise zero
 * @file_offset: where to begin in the file, a multiple of the page size
 * @buffer_offset: READ_INTO: where to begin in the buffer, a multiple of the
 *	page size; ALLOC_AND_READ: zero
 * @bytes: how much to read; need not be a multiple of anything. The rest of
 *	the last page is zeroed
 * @gather_bytes: of an ASYNC call, a multiple of the page size, zero for the
 *	default; otherwise zero: everything is one gather
 * @gathers: out, user address of an array of struct dmabuf_lab_gather; zero
 *	where no timings are wanted
 * @gathers_capacity: entries in that array
 * @gathers_count: out, gathers of this call. Only the first @gathers_capacity
 *	are written
 * @map_begin_ns: out, READ_INTO: mapping the buffer began
 * @map_end_ns: out, READ_INTO: the buffer was mapped
 * @create_begin_ns: out, ALLOC_AND_READ: exporting the dma-buf began
 * @create_end_ns: out, ALLOC_AND_READ: the dma-buf was exported
 * @reserved: zero
 *
 * A descriptor of a new buffer is installed only once every byte is there.
 *
 * Errors: EBADF @file_fd or @dmabuf_fd is no such descriptor or not open for
 * reading; EINVAL an argument is out of range or not a regular file or not a
 * dma-buf; EFBIG @bytes is above the limit; ENODATA the file ends before
 * @bytes; EIO the storage failed; ENOMEM no memory, none left of the caller's
 * cgroup, or all buffers together would pass the module's limit; EINTR a signal; EFAULT a bad user
 * address; EOPNOTSUPP the buffer has no pages the CPU can reach.
 */
struct dmabuf_lab_read {
	__s32 file_fd;
	__u32 flags;
	__s32 dmabuf_fd;
	__u32 readers;
	__u64 file_offset;
	__u64 buffer_offset;
	__u64 bytes;
	__u64 gather_bytes;
	__u64 gathers;
	__u32 gathers_capacity;
	__u32 gathers_count;
	__u64 map_begin_ns;
	__u64 map_end_ns;
	__u64 create_begin_ns;
	__u64 create_end_ns;
	__u64 reserved[4];
};

/**
 * struct dmabuf_lab_import - how long it takes until a device may read a buffer
 * @dmabuf_fd: of any exporter
 * @flags: zero
 * @begin_ns: out, the device begins to attach
 * @attach_end_ns: out, it is attached
 * @map_end_ns: out, and its addresses are known
 * @sync_end_ns: out, and what the CPU wrote is seen by it
 * @unmap_end_ns: out, and it has let go again
 * @segments: out, runs of addresses that the device would be given
 * @longest_segment_bytes: out, of the longest run
 * @reserved: zero
 *
 * The device is one of the module's own that reaches all memory. Nothing
 * stays attached.
 *
 * Errors: EBADF no such descriptor; EINVAL not a dma-buf, or a field that
 * must be zero; EFAULT; and what the exporter says.
 */
struct dmabuf_lab_import {
	__s32 dmabuf_fd;
	__u32 flags;
	__u64 begin_ns;
	__u64 attach_end_ns;
	__u64 map_end_ns;
	__u64 sync_end_ns;
	__u64 unmap_end_ns;
	__u64 segments;
	__u64 longest_segment_bytes;
	__u64 reserved[4];
};

#define DMABUF_LAB_IOC_MAGIC 0xDF
#define DMABUF_LAB_IOC_INFO _IOR(DMABUF_LAB_IOC_MAGIC, 0x00, struct dmabuf_lab_info)
#define DMABUF_LAB_IOC_ALLOC_AND_READ _IOWR(DMABUF_LAB_IOC_MAGIC, 0x01, struct dmabuf_lab_read)
#define DMABUF_LAB_IOC_READ_INTO _IOWR(DMABUF_LAB_IOC_MAGIC, 0x02, struct dmabuf_lab_read)
#define DMABUF_LAB_IOC_IMPORT _IOWR(DMABUF_LAB_IOC_MAGIC, 0x03, struct dmabuf_lab_import)

#endif /* DMABUF_LAB_UAPI_H */
