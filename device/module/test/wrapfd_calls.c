// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "wrapfd_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

int wrapfd_device(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(DMABUF_LAB_WRAPFD_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		bail_out("open %s", DMABUF_LAB_WRAPFD_DEVICE);
	return fd;
}

static int call(int fd, unsigned long command, void *argument)
{
	int ret = ioctl(fd, command, argument);

	return ret < 0 ? -errno : ret;
}

int wrapfd_wrap(int dmabuf_fd, uint32_t prot)
{
	struct lab_wrapfd_wrap wrap = { .fd = dmabuf_fd, .prot = prot };

	return call(wrapfd_device(), LAB_WRAPFD_IOC_WRAP, &wrap);
}

int wrapfd_state(int fd)
{
	struct lab_wrapfd_state state = { 0 };
	int err = call(fd, LAB_WRAPFD_IOC_STATE, &state);

	return err ? err : (int)state.state;
}

int wrapfd_ask(int fd, unsigned long command)
{
	return call(fd, command, NULL);
}

int wrapfd_rewrap(int fd, uint32_t prot)
{
	struct lab_wrapfd_rewrap rewrap = { .prot = prot };

	return call(fd, LAB_WRAPFD_IOC_REWRAP, &rewrap);
}

int wrapfd_load(int fd, struct wrapfd_part part)
{
	struct lab_wrapfd_load load = {
		.fd = part.file_fd,
		.file_offs = part.file_offs,
		.buf_offs = part.buf_offs,
		.len = part.len,
	};
	struct lab_wrapfd_load_earlier earlier = {
		.fd = part.file_fd,
		.file_offs = part.file_offs,
		.buf_offs = part.buf_offs,
		.len = part.len,
	};

	if (part.earlier)
		return call(fd, LAB_WRAPFD_IOC_LOAD_EARLIER, &earlier);
	return call(fd, LAB_WRAPFD_IOC_LOAD, &load);
}

int wrapfd_load_once(int dmabuf_fd, struct wrapfd_part part)
{
	int fd = wrapfd_wrap(dmabuf_fd, PROT_READ | PROT_WRITE);
	int err;

	if (fd < 0)
		return fd;
	err = wrapfd_ask(fd, LAB_WRAPFD_IOC_ACQUIRE);
	if (!err)
		err = wrapfd_load(fd, part);
	close(fd);
	return err;
}

void set_wrapfd_later_rules(bool later)
{
	FILE *file = fopen("/sys/module/dmabuf_lab/parameters/wrapfd_later_rules", "w");

	if (!file || fprintf(file, "%d\n", later) < 0 || fclose(file))
		bail_out("set wrapfd_later_rules");
}
