/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "in_kernel/in_kernel_module.h"
#include "loader/error.h"
#include "protocol/size_text.h"

int in_kernel_module_open(struct dmabuf_loader_error *error)
{
	struct dmabuf_lab_info info;
	int device = open(DMABUF_LAB_DEVICE, O_RDWR | O_CLOEXEC);

	if (device < 0 && (errno == EACCES || errno == EPERM))
		return load_denied(error, errno, DMABUF_LAB_DEVICE, R_OK | W_OK);
	if (device < 0)
		return load_refused(error, errno, "needs the kernel module");
	if (ioctl(device, DMABUF_LAB_IOC_INFO, &info) == 0 && info.abi_version == DMABUF_LAB_ABI_VERSION)
		return device;
	close(device);
	return load_refused(error, EPROTO, "needs version %d of the kernel module's interface", DMABUF_LAB_ABI_VERSION);
}

bool in_kernel_module_offers(void)
{
	struct dmabuf_loader_error error;
	int device = in_kernel_module_open(&error);

	if (device >= 0)
		close(device);
	return device >= 0;
}

static uint64_t gather_count(const struct dmabuf_lab_read *request)
{
	return (request->bytes + request->gather_bytes - 1) / request->gather_bytes;
}

int in_kernel_module_check(int device, const struct dmabuf_lab_read *request, struct dmabuf_loader_error *error)
{
	struct dmabuf_lab_info info;

	if (ioctl(device, DMABUF_LAB_IOC_INFO, &info))
		return load_failed(error, errno, "the kernel module does not answer");
	if (request->bytes > info.max_bytes)
		return load_refused(error, EFBIG, "the kernel module loads at most %s", size_text(info.max_bytes).text);
	if (request->readers > info.max_readers)
		return load_refused(error, EINVAL, "the kernel module has at most %u readers", info.max_readers);
	if (!request->gather_bytes)
		return 0;
	if (request->gather_bytes < info.min_gather_bytes || request->gather_bytes > info.max_gather_bytes)
		return load_refused(error, EINVAL, "the kernel module takes gathers of %s to %s",
				    size_text(info.min_gather_bytes).text, size_text(info.max_gather_bytes).text);
	if (gather_count(request) > DMABUF_LAB_MAX_GATHERS)
		return load_refused(error, EINVAL, "the kernel module takes at most %d gathers",
				    DMABUF_LAB_MAX_GATHERS);
	return 0;
}

int in_kernel_module_read(int device, unsigned long operation, struct dmabuf_lab_read *request,
			  struct dmabuf_loader_error *error)
{
	if (ioctl(device, operation, request) == 0)
		return 0;
	if (errno == ENODATA)
		return load_failed(error, 0, "the file ended before byte %" PRIu64 " while it was read",
				   (uint64_t)request->bytes);
	if (errno == EOPNOTSUPP)
		return load_refused(error, errno, "the kernel module cannot reach this buffer's pages");
	return load_failed(error, errno, "the kernel module could not load the file");
}
