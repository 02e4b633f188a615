/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The interface of Android's /dev/wrapfd (CONFIG_ANDROID_WRAPFD), described
 * from what its drivers answer: wrap a dma-buf, own it, have the kernel load a
 * file into it with O_DIRECT. There are two layouts. Their requests have other
 * numbers where their structures have other sizes; where the sizes are equal,
 * what is in the fields tells them apart.
 *
 * The module offers both at DMABUF_LAB_WRAPFD_DEVICE, on any kernel.
 */
#ifndef LAB_WRAPFD_UAPI_H
#define LAB_WRAPFD_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define DMABUF_LAB_WRAPFD_DEVICE "/dev/dmabuf_lab_wrapfd"
#define ANDROID_WRAPFD_DEVICE "/dev/wrapfd"

/**
 * struct lab_wrapfd_wrap - wrap a dma-buf; the request returns a new wrapfd
 * @fd: the dma-buf
 * @prot: PROT_READ, PROT_WRITE or both
 * @reserved: zero
 *
 * The new descriptor is close-on-exec where @fd is.
 *
 * Errors: EBADF @fd is no descriptor; EINVAL it is no dma-buf, or @prot or
 * @reserved are wrong; EACCES it is to be written and @fd is not open for that;
 * EMFILE; ENOMEM; EFAULT.
 */
struct lab_wrapfd_wrap {
	__u32 fd;
	__u32 prot;
	__u64 reserved;
};

/* Of the earlier layout, and as large. */
struct lab_wrapfd_wrap_earlier {
	__s64 fd;
	__u64 prot;
};

#define LAB_WRAPFD_EMPTY 0
#define LAB_WRAPFD_READ_ONLY 1
#define LAB_WRAPFD_READ_WRITE 2

/**
 * struct lab_wrapfd_state - what a wrapfd holds
 * @state: out, LAB_WRAPFD_*
 * @pad: zero
 * @reserved: zero
 */
struct lab_wrapfd_state {
	__u32 state;
	__u32 pad;
	__u64 reserved;
};

/* Of the earlier layout: asked of the device, about a wrapfd. ENOTTY where it is none. */
struct lab_wrapfd_state_earlier {
	__s64 fd;
	__u64 state;
};

/**
 * struct lab_wrapfd_load - read a part of a file into the wrapped buffer
 * @fd: regular file whose file system has O_DIRECT, open for reading; it need
 *	not be open with O_DIRECT
 * @pad: zero
 * @file_offs: where to begin in the file, on a page boundary
 * @buf_offs: where to begin in the buffer, on a page boundary
 * @len: how much; exactly so many bytes are written
 * @reserved: zero
 *
 * With the module's parameter wrapfd_later_rules offsets are free, and neither
 * ownership nor an unmapped wrapfd is asked for.
 *
 * Errors: EBUSY the caller is not the owner; EINVAL it is mapped, @fd is no
 * such file, an offset is inside a page, or the range is not inside the file
 * and the buffer; EAGAIN another load is under way; ENOENT it is empty; EACCES
 * it was wrapped for reading; EBADF @fd is not open for reading; EIO the
 * storage failed; EINTR a deadly signal; ENOMEM; EFAULT.
 */
struct lab_wrapfd_load {
	__u32 fd;
	__u32 pad;
	__u64 file_offs;
	__u64 buf_offs;
	__u64 len;
	__u64 reserved;
};

struct lab_wrapfd_load_earlier {
	__s64 fd;
	__u64 file_offs;
	__u64 buf_offs;
	__u64 len;
};

/**
 * struct lab_wrapfd_rewrap - move the content to a new wrapfd, which is returned
 * @prot: PROT_READ, PROT_WRITE or both
 * @pad: zero
 * @reserved: zero
 *
 * The old one is empty then. Errors: EBUSY not the owner; EINVAL mapped;
 * ENOENT empty; EACCES to be written, but the buffer is not open for that;
 * EAGAIN a load is under way. On error nothing has moved.
 */
struct lab_wrapfd_rewrap {
	__u32 prot;
	__u32 pad;
	__u64 reserved;
};

struct lab_wrapfd_rewrap_earlier {
	__u64 prot;
};

#define LAB_WRAPFD_IOC_MAGIC 0xBC

/* On the device. */
#define LAB_WRAPFD_IOC_WRAP _IOW(LAB_WRAPFD_IOC_MAGIC, 0, struct lab_wrapfd_wrap)
#define LAB_WRAPFD_IOC_STATE_EARLIER _IOWR(LAB_WRAPFD_IOC_MAGIC, 1, struct lab_wrapfd_state_earlier)

/* On a wrapfd. Anything else is asked of the dma-buf that is wrapped. */
#define LAB_WRAPFD_IOC_STATE _IOWR(LAB_WRAPFD_IOC_MAGIC, 1, struct lab_wrapfd_state)
#define LAB_WRAPFD_IOC_ACQUIRE _IO(LAB_WRAPFD_IOC_MAGIC, 2)
#define LAB_WRAPFD_IOC_RELEASE _IO(LAB_WRAPFD_IOC_MAGIC, 3)
#define LAB_WRAPFD_IOC_LOAD _IOW(LAB_WRAPFD_IOC_MAGIC, 4, struct lab_wrapfd_load)
#define LAB_WRAPFD_IOC_LOAD_EARLIER _IOW(LAB_WRAPFD_IOC_MAGIC, 4, struct lab_wrapfd_load_earlier)
#define LAB_WRAPFD_IOC_REWRAP _IOW(LAB_WRAPFD_IOC_MAGIC, 5, struct lab_wrapfd_rewrap)
#define LAB_WRAPFD_IOC_REWRAP_EARLIER _IOW(LAB_WRAPFD_IOC_MAGIC, 5, struct lab_wrapfd_rewrap_earlier)
#define LAB_WRAPFD_IOC_EMPTY _IO(LAB_WRAPFD_IOC_MAGIC, 6)
#define LAB_WRAPFD_IOC_ALLOW_GUESTS _IO(LAB_WRAPFD_IOC_MAGIC, 7)
#define LAB_WRAPFD_IOC_PROHIBIT_GUESTS _IO(LAB_WRAPFD_IOC_MAGIC, 8)

#endif /* LAB_WRAPFD_UAPI_H */
