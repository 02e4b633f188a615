/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>

#include "error.h"
#include "udmabuf.h"

int udmabuf_open(struct dmabuf_loader_error *error)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);

	if (device >= 0)
		return device;
	if (errno == ENOENT || errno == ENODEV)
		return load_refused(error, errno, "needs /dev/udmabuf");
	if (errno == EACCES || errno == EPERM)
		return load_refused(error, errno, "permission denied on /dev/udmabuf: needs root or group kvm");
	return load_failed(error, errno, "cannot open /dev/udmabuf");
}

int udmabuf_create(int device, int memfd, uint64_t bytes, struct dmabuf_loader_error *error)
{
	struct udmabuf_create request = {
		.memfd = (uint32_t)memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = bytes,
	};
	int dmabuf = ioctl(device, UDMABUF_CREATE, &request);

	if (dmabuf >= 0)
		return dmabuf;
	if (errno == EINVAL)
		return load_refused(error, errno,
				    "udmabuf refuses %" PRIu64 " bytes: raise size_limit_mb of the udmabuf module",
				    bytes);
	return load_failed(error, errno, "UDMABUF_CREATE failed");
}
