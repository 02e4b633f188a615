// SPDX-License-Identifier: GPL-2.0
/*
 * The largest buffers that udmabuf makes: what UDMABUF_CREATE_LIST joins (list_limit memfds), and how many pages a
 * buffer has. Kernels without commit 1c0844c6184e keep the array of its pages in one piece of kernel memory, which
 * kmalloc() gives up to KMALLOC_MAX_SIZE: 4 MiB where a page has 4 KiB. ENOMEM beyond, whatever size_limit_mb admits.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "loads.h"
#include "report.h"

#define SIZE_LIMIT "/sys/module/udmabuf/parameters/size_limit_mb"
#define LIST_LIMIT "/sys/module/udmabuf/parameters/list_limit"
#define KMALLOC_MAX_BYTES MIB(4)

static uint64_t read_parameter(const char *path)
{
	FILE *file = fopen(path, "r");
	uint64_t value;

	if (!file || fscanf(file, "%" SCNu64, &value) != 1)
		bail_out("read %s: %m", path);
	fclose(file);
	return value;
}

static void write_parameter(const char *path, uint64_t value)
{
	FILE *file = fopen(path, "w");

	if (!file || fprintf(file, "%" PRIu64, value) < 0 || fclose(file))
		bail_out("write %s: %m", path);
}

static int sealed_memfd(uint64_t bytes)
{
	int memfd = memfd_create("limits", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	if (memfd < 0 || ftruncate(memfd, (off_t)bytes) || fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		bail_out("make a memfd: %m");
	return memfd;
}

static int open_udmabuf(void)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);

	if (device < 0)
		bail_out("open /dev/udmabuf: %m");
	return device;
}

/* 0, or the errno of a call that made no buffer. */
static int close_buffer(int buffer)
{
	if (buffer < 0)
		return errno;
	close(buffer);
	return 0;
}

/* The memfd is sparse: udmabuf allocates its pages, once it has the array for them. */
static int make_buffer(uint64_t bytes)
{
	struct udmabuf_create create = { .memfd = (uint32_t)sealed_memfd(bytes), .size = bytes };
	int device = open_udmabuf();
	int number = close_buffer(ioctl(device, UDMABUF_CREATE, &create));

	close(device);
	close((int)create.memfd);
	return number;
}

/* @count parts of a page, all of one memfd: only the list's length matters. */
static int make_list(uint32_t count)
{
	struct udmabuf_create_list *list = calloc(1, sizeof(*list) + count * sizeof(list->list[0]));
	int memfd = sealed_memfd(page_bytes() * count), device = open_udmabuf(), number;

	if (!list)
		bail_out("no memory for the list");
	list->count = count;
	for (uint32_t part = 0; part < count; part++) {
		list->list[part].memfd = (uint32_t)memfd;
		list->list[part].offset = part * page_bytes();
		list->list[part].size = page_bytes();
	}
	number = close_buffer(ioctl(device, UDMABUF_CREATE_LIST, list));
	free(list);
	close(device);
	close(memfd);
	return number;
}

static void expect(const char *what, int number, bool may)
{
	note("%s: %s", what, number ? strerrorname_np(number) : "made");
	report(may, what, "%s", number ? strerror(number) : "made");
}

static void check_lists(void)
{
	uint32_t limit = (uint32_t)read_parameter(LIST_LIMIT);
	char name[64];
	int number;

	snprintf(name, sizeof(name), "a list of %u parts", limit);
	number = make_list(limit);
	expect(name, number, number == 0);
	snprintf(name, sizeof(name), "a list of %u parts", limit + 1);
	number = make_list(limit + 1);
	expect(name, number, number == EINVAL);
}

static void check_pages(void)
{
	uint64_t most = KMALLOC_MAX_BYTES / sizeof(void *) * page_bytes();
	char name[64];
	int number;

	snprintf(name, sizeof(name), "a buffer of %" PRIu64 " pages", most / page_bytes());
	number = make_buffer(most);
	expect(name, number, number == 0);
	snprintf(name, sizeof(name), "a buffer of %" PRIu64 " pages", most / page_bytes() + 1);
	number = make_buffer(most + page_bytes());
	/* Stable kernels got the fix at different releases, so either is right; the note tells which. */
	expect(name, number, number == 0 || number == ENOMEM);
}

void test_udmabuf_limits(const char *folder)
{
	uint64_t before = read_parameter(SIZE_LIMIT);
	struct utsname kernel;

	(void)folder;
	if (uname(&kernel))
		bail_out("uname: %m");
	note("Linux %s", kernel.release);
	check_lists();
	/* 2048 to 4095 are no limit where it is computed in 32 bits (dmabuf_loader_limit_bytes), and enough elsewhere. */
	write_parameter(SIZE_LIMIT, 4095);
	check_pages();
	write_parameter(SIZE_LIMIT, before);
}
