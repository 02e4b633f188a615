/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <stdio.h>
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
		return load_denied(error, errno, "/dev/udmabuf");
	return load_failed(error, errno, "cannot open /dev/udmabuf");
}

uint64_t dmabuf_loader_limit_bytes(uint64_t size_limit_mib)
{
	uint64_t bytes = size_limit_mib << 20;
	uint64_t wrapped = bytes & UINT32_MAX;

	/* Negative as a 32-bit int, and then no limit at all. */
	if (wrapped > INT32_MAX)
		return bytes;
	return wrapped < bytes ? wrapped : bytes;
}

int udmabuf_check_limit(uint64_t bytes, struct dmabuf_loader_error *error)
{
	FILE *file = fopen(UDMABUF_SIZE_LIMIT_PATH, "re");
	uint64_t limit_mib;
	int found;

	if (!file)
		return 0;
	found = fscanf(file, "%" SCNu64, &limit_mib);
	fclose(file);
	if (found != 1 || bytes <= dmabuf_loader_limit_bytes(limit_mib))
		return 0;
	return load_refused(error, EINVAL,
			    "%" PRIu64 " bytes are more than udmabuf's size limit of %" PRIu64
			    " MiB: raise size_limit_mb as root",
			    bytes, limit_mib);
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
		return load_refused(error, errno, "udmabuf refuses a buffer of %" PRIu64 " bytes", bytes);
	return load_failed(error, errno, "UDMABUF_CREATE failed");
}
