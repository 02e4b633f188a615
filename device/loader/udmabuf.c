/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "error.h"
#include "rounding.h"
#include "udmabuf.h"

int udmabuf_open(struct dmabuf_loader_error *error)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);

	if (device >= 0)
		return device;
	if (errno == ENOENT || errno == ENODEV)
		return load_refused(error, errno, "needs /dev/udmabuf");
	if (errno == EACCES || errno == EPERM)
		return load_denied(error, errno, "/dev/udmabuf", R_OK | W_OK);
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

/* A parameter of the udmabuf module. */
static bool read_number(const char *path, uint64_t *number)
{
	FILE *file = fopen(path, "re");
	int found;

	if (!file)
		return false;
	found = fscanf(file, "%" SCNu64, number);
	fclose(file);
	return found == 1;
}

uint64_t udmabuf_list_limit(uint64_t otherwise)
{
	uint64_t limit;

	return read_number("/sys/module/udmabuf/parameters/list_limit", &limit) ? limit : otherwise;
}

int udmabuf_check_limit(uint64_t bytes, struct dmabuf_loader_error *error)
{
	uint64_t limit_mib;

	if (!read_number(UDMABUF_SIZE_LIMIT_PATH, &limit_mib) || bytes <= dmabuf_loader_limit_bytes(limit_mib))
		return 0;
	return load_refused(error, EINVAL,
			    "%" PRIu64 " bytes are more than udmabuf's size limit of %" PRIu64
			    " MiB: raise size_limit_mb as root",
			    bytes, limit_mib);
}

/* KMALLOC_MAX_SIZE where a page has 4 KiB; with larger pages it is more. */
#define PIECE_BYTES ((uint64_t)4 << 20)

/*
 * The list is allocated before a memfd is looked at, so that a request with none tells whether it can be: ENOMEM, or
 * EBADFD from a kernel with commit 1c0844c6184e, where it needs not be in one piece.
 */
int udmabuf_check_pages(int device, uint64_t bytes, struct dmabuf_loader_error *error)
{
	struct udmabuf_create request = { .memfd = UINT32_MAX, .size = round_up(bytes, page_bytes()) };

	if (request.size / page_bytes() * sizeof(void *) <= PIECE_BYTES)
		return 0;
	if (ioctl(device, UDMABUF_CREATE, &request) >= 0 || errno != ENOMEM)
		return 0;
	return load_refused(error, errno,
			    "udmabuf has no kernel memory for the list of pages of %" PRIu64
			    " bytes: until Linux 6.12 it is one piece, of 2 GiB with 4 KiB pages",
			    bytes);
}

static int create_of_one(int device, const struct memory *memory)
{
	struct udmabuf_create request = {
		.memfd = (uint32_t)memory->fds[0],
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = memory->bytes,
	};

	return ioctl(device, UDMABUF_CREATE, &request);
}

static int create_of_list(int device, const struct memory *memory)
{
	struct udmabuf_create_list *list = calloc(1, sizeof(*list) + memory->count * sizeof(list->list[0]));
	int dmabuf, number;

	if (!list)
		return -1;
	list->flags = UDMABUF_FLAGS_CLOEXEC;
	list->count = (uint32_t)memory->count;
	for (size_t part = 0; part < memory->count; part++) {
		list->list[part].memfd = (uint32_t)memory->fds[part];
		list->list[part].size = smaller(memory->part_bytes, memory->bytes - part * memory->part_bytes);
	}
	dmabuf = ioctl(device, UDMABUF_CREATE_LIST, list);
	number = errno;
	free(list);
	errno = number;
	return dmabuf;
}

int udmabuf_create(int device, const struct memory *memory, struct dmabuf_loader_error *error)
{
	int dmabuf = memory->count == 1 ? create_of_one(device, memory) : create_of_list(device, memory);

	if (dmabuf >= 0)
		return dmabuf;
	if (errno == EINVAL)
		return load_refused(error, errno, "udmabuf refuses a buffer of %" PRIu64 " bytes", memory->bytes);
	if (errno == ENOMEM)
		return load_failed(error, errno,
				   "udmabuf has no kernel memory for a buffer of %" PRIu64
				   " bytes, whose list of pages lies in one piece until Linux 6.12",
				   memory->bytes);
	return load_failed(error, errno, "udmabuf cannot make a buffer of the memory");
}
