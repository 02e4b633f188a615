/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "lab_module.h"
#include "rounding.h"

int lab_module_open(struct dmabuf_loader_error *error)
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

bool lab_module_offers(void)
{
	struct dmabuf_loader_error error;
	int device = lab_module_open(&error);

	if (device >= 0)
		close(device);
	return device >= 0;
}

static int read_info(int device, struct dmabuf_lab_info *info, struct dmabuf_loader_error *error)
{
	if (ioctl(device, DMABUF_LAB_IOC_INFO, info))
		return load_failed(error, errno, "the kernel module does not answer");
	return 0;
}

static int check(const struct dmabuf_lab_info *info, const struct dmabuf_lab_read *request,
		 struct dmabuf_loader_error *error)
{
	if (request->bytes > info->max_bytes)
		return load_refused(error, EFBIG, "the kernel module loads at most %" PRIu64 " bytes",
				    (uint64_t)info->max_bytes);
	if (request->readers > info->max_readers)
		return load_refused(error, EINVAL, "the kernel module has at most %u readers", info->max_readers);
	if (!request->gather_bytes)
		return 0;
	if (request->gather_bytes < info->min_gather_bytes || request->gather_bytes > info->max_gather_bytes)
		return load_refused(error, EINVAL,
				    "the kernel module takes gathers of %" PRIu64 " to %" PRIu64 " bytes",
				    (uint64_t)info->min_gather_bytes, (uint64_t)info->max_gather_bytes);
	if (dmabuf_loader_gather_count(request->bytes, request->gather_bytes) > DMABUF_LAB_MAX_GATHERS)
		return load_refused(error, EINVAL, "the kernel module takes at most %d gathers",
				    DMABUF_LAB_MAX_GATHERS);
	return 0;
}

int lab_module_check(int device, const struct dmabuf_lab_read *request, struct dmabuf_loader_error *error)
{
	struct dmabuf_lab_info info;

	return read_info(device, &info, error) ? -1 : check(&info, request, error);
}

int lab_module_read(int device, unsigned long operation, struct dmabuf_lab_read *request,
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

void lab_module_tell_gathers(const struct dmabuf_lab_gather *from, uint64_t count, struct dmabuf_loader_gather *gathers)
{
	/* The module does not tell how long a reader waited. */
	for (uint64_t i = 0; i < count; i++)
		gathers[from[i].gather] = (struct dmabuf_loader_gather){
			.alloc_start_ns = (int64_t)from[i].alloc_begin_ns,
			.alloc_end_ns = (int64_t)from[i].alloc_end_ns,
			.read_start_ns = (int64_t)from[i].read_begin_ns,
			.read_end_ns = (int64_t)from[i].read_end_ns,
			.reader = from[i].reader,
		};
}

static int load_with(int device, struct dmabuf_lab_read *request, struct dmabuf_loader_gather *gathers,
		     struct dmabuf_loader_error *error)
{
	uint64_t count = dmabuf_loader_gather_count(request->bytes, request->gather_bytes);
	struct dmabuf_lab_gather *records = calloc(count, sizeof(*records));
	int result;

	if (!records)
		return load_failed(error, ENOMEM, "no memory for the gather records");
	request->gathers = (uintptr_t)records;
	request->gathers_capacity = (uint32_t)count;
	result = lab_module_read(device, DMABUF_LAB_IOC_ALLOC_AND_READ, request, error);
	if (!result && gathers)
		lab_module_tell_gathers(records, count, gathers);
	free(records);
	return result ? -1 : request->dmabuf_fd;
}

int lab_module_load(int device, const struct lab_module_load *load, struct dmabuf_loader_error *error)
{
	uint64_t gather = load->gather_bytes ? load->gather_bytes : dmabuf_loader_default_gather_bytes(load->bytes);
	struct dmabuf_lab_info info;
	struct dmabuf_lab_read request = {
		.file_fd = load->file,
		.flags = DMABUF_LAB_ASYNC,
		.bytes = load->bytes,
	};

	if (read_info(device, &info, error))
		return -1;
	request.readers = (uint32_t)smaller(load->readers, info.max_readers);
	request.gather_bytes = larger(round_up(gather, page_bytes()), info.min_gather_bytes);
	return check(&info, &request, error) ? -1 : load_with(device, &request, load->gathers, error);
}

/* The module allocates only for a file that it reads, so it is given one of nothing but a hole. */
static int alloc_for(int device, int hole, uint64_t bytes, struct dmabuf_loader_error *error)
{
	struct dmabuf_lab_read request = { .file_fd = hole, .bytes = bytes };

	if (ftruncate(hole, (off_t)bytes))
		return load_failed(error, errno, "cannot size the hole that the kernel module reads");
	if (ioctl(device, DMABUF_LAB_IOC_ALLOC_AND_READ, &request))
		return load_failed(error, errno, "the kernel module could not allocate %" PRIu64 " bytes", bytes);
	return request.dmabuf_fd;
}

int lab_module_alloc(int device, uint64_t bytes, struct dmabuf_loader_error *error)
{
	int hole = memfd_create("dmabuf-loader-hole", MFD_CLOEXEC);
	int dmabuf;

	if (hole < 0)
		return load_failed(error, errno, "cannot create a memfd");
	dmabuf = alloc_for(device, hole, bytes, error);
	close(hole);
	return dmabuf;
}
