/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "in_kernel/importers.h"
#include "loader/clock.h"
#include "loader/lab_module.h"
#include "module/dmabuf_lab_uapi.h"

#define MAX_CARDS 8

/* include/uapi/drm/drm.h, which libc does not carry. */
struct drm_gem_close {
	uint32_t handle;
	uint32_t pad;
};

struct drm_prime_handle {
	uint32_t handle;
	uint32_t flags;
	int32_t fd;
};

#define DRM_IOCTL_GEM_CLOSE _IOW('d', 0x09, struct drm_gem_close)
#define DRM_IOCTL_PRIME_FD_TO_HANDLE _IOWR('d', 0x2e, struct drm_prime_handle)

static bool is_vgem(int card)
{
	char path[64], device[PATH_MAX];
	const char *name;
	ssize_t length;

	snprintf(path, sizeof(path), "/sys/class/drm/card%d/device", card);
	length = readlink(path, device, sizeof(device) - 1);
	if (length < 0)
		return false;
	device[length] = '\0';
	name = strrchr(device, '/');
	return strcmp(name ? name + 1 : device, "vgem") == 0;
}

static int open_vgem(void)
{
	char path[64];

	for (int card = 0; card < MAX_CARDS; card++) {
		if (!is_vgem(card))
			continue;
		snprintf(path, sizeof(path), "/dev/dri/card%d", card);
		return open(path, O_RDWR | O_CLOEXEC);
	}
	return -1;
}

static int64_t import_by_vgem(int dmabuf)
{
	struct drm_prime_handle prime = { .fd = dmabuf };
	struct drm_gem_close end = { 0 };
	int card = open_vgem();
	int64_t start = now_ns(), ns = -1;

	if (card < 0)
		return -1;
	if (ioctl(card, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime) == 0) {
		ns = now_ns() - start;
		end.handle = prime.handle;
		(void)ioctl(card, DRM_IOCTL_GEM_CLOSE, &end);
	}
	close(card);
	return ns;
}

static bool import_by_module(int dmabuf, struct dmabuf_lab_import *import)
{
	struct dmabuf_loader_error error;
	int device = lab_module_open(&error);
	bool done;

	if (device < 0)
		return false;
	import->dmabuf_fd = dmabuf;
	/* A module of before this request does not know it. */
	done = ioctl(device, DMABUF_LAB_IOC_IMPORT, import) == 0;
	close(device);
	return done;
}

struct import_times import_times_of(int dmabuf)
{
	struct import_times times = NOT_IMPORTED;
	struct dmabuf_lab_import import = { 0 };

	if (import_by_module(dmabuf, &import)) {
		times.ns = (int64_t)(import.sync_end_ns - import.begin_ns);
		times.attach_ns = (int64_t)(import.attach_end_ns - import.begin_ns);
		times.map_ns = (int64_t)(import.map_end_ns - import.attach_end_ns);
		times.sync_ns = (int64_t)(import.sync_end_ns - import.map_end_ns);
		times.segments = (int64_t)import.segments;
	}
	times.vgem_ns = import_by_vgem(dmabuf);
	return times;
}

static void add(int64_t *sum, int64_t value)
{
	*sum = *sum < 0 || value < 0 ? -1 : *sum + value;
}

void import_times_add(struct import_times *sum, const struct import_times *times)
{
	add(&sum->ns, times->ns);
	add(&sum->attach_ns, times->attach_ns);
	add(&sum->map_ns, times->map_ns);
	add(&sum->sync_ns, times->sync_ns);
	add(&sum->segments, times->segments);
	add(&sum->vgem_ns, times->vgem_ns);
}
