/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../module/lab_wrapfd_uapi.h"
#include "error.h"
#include "wrapfd.h"

static int open_node(struct wrapfd_device *device, const char *path, bool is_module)
{
	device->fd = open(path, O_RDWR | O_CLOEXEC);
	device->is_module = is_module;
	return device->fd;
}

int wrapfd_open(struct wrapfd_device *device, struct dmabuf_loader_error *error)
{
	int refusal;

	if (open_node(device, ANDROID_WRAPFD_DEVICE, false) >= 0)
		return 0;
	refusal = errno;
	if (open_node(device, DMABUF_LAB_WRAPFD_DEVICE, true) >= 0)
		return 0;
	if (refusal == EACCES || refusal == EPERM)
		return load_denied(error, refusal, ANDROID_WRAPFD_DEVICE, R_OK | W_OK);
	if (errno == EACCES || errno == EPERM)
		return load_denied(error, errno, DMABUF_LAB_WRAPFD_DEVICE, R_OK | W_OK);
	return load_refused(error, errno, "needs %s, or the kernel module", ANDROID_WRAPFD_DEVICE);
}

void wrapfd_close(struct wrapfd_device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

/* A kernel of the earlier layout takes the current request for a descriptor that cannot be. */
static int wrap(int device, int dmabuf)
{
	struct lab_wrapfd_wrap request = { .fd = (uint32_t)dmabuf, .prot = PROT_READ | PROT_WRITE };
	struct lab_wrapfd_wrap_earlier earlier = { .fd = dmabuf, .prot = PROT_READ | PROT_WRITE };
	int wrapfd = ioctl(device, LAB_WRAPFD_IOC_WRAP, &request);

	if (wrapfd < 0 && (errno == EINVAL || errno == EBADF))
		wrapfd = ioctl(device, LAB_WRAPFD_IOC_WRAP, &earlier);
	return wrapfd;
}

int wrapfd_own(const struct wrapfd_device *device, int dmabuf, struct dmabuf_loader_error *error)
{
	int wrapfd = wrap(device->fd, dmabuf);
	int refusal;

	if (wrapfd < 0)
		return load_failed(error, errno, "wrapfd could not wrap the buffer");
	if (ioctl(wrapfd, LAB_WRAPFD_IOC_ACQUIRE) == 0)
		return wrapfd;
	refusal = errno;
	close(wrapfd);
	return load_failed(error, refusal, "the wrapped buffer could not be owned");
}

/* The structures have other sizes, so a kernel of the earlier layout does not know the current request at all. */
static int load(int wrapfd, const struct wrapfd_part *part)
{
	struct lab_wrapfd_load request = {
		.fd = (uint32_t)part->file,
		.file_offs = part->file_offset,
		.buf_offs = part->buffer_offset,
		.len = part->bytes,
	};
	struct lab_wrapfd_load_earlier earlier = {
		.fd = part->file,
		.file_offs = part->file_offset,
		.buf_offs = part->buffer_offset,
		.len = part->bytes,
	};
	int result = ioctl(wrapfd, LAB_WRAPFD_IOC_LOAD, &request);

	if (result && errno == ENOTTY)
		result = ioctl(wrapfd, LAB_WRAPFD_IOC_LOAD_EARLIER, &earlier);
	return result;
}

int wrapfd_load(int wrapfd, const struct wrapfd_part *part, struct dmabuf_loader_error *error)
{
	return load(wrapfd, part) ? load_failed(error, errno, "wrapfd could not load the file") : 0;
}
