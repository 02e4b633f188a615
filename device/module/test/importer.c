// SPDX-License-Identifier: GPL-2.0
/*
 * Another driver of the kernel imports a buffer of the module: vgem, which
 * attaches, maps for DMA and maps to user space through the exporter.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"

#define FILE_BYTES	(MIB(5) + 123)

/* From include/uapi/drm/drm.h and drm_mode.h, which libc does not carry. */
struct drm_prime_handle {
	uint32_t handle;
	uint32_t flags;
	int32_t fd;
};

struct drm_mode_map_dumb {
	uint32_t handle;
	uint32_t pad;
	uint64_t offset;
};

struct drm_gem_close {
	uint32_t handle;
	uint32_t pad;
};

#define DRM_IOCTL_GEM_CLOSE		_IOW('d', 0x09, struct drm_gem_close)
#define DRM_IOCTL_PRIME_FD_TO_HANDLE	_IOWR('d', 0x2e, struct drm_prime_handle)
#define DRM_IOCTL_MODE_MAP_DUMB		_IOWR('d', 0xb3, struct drm_mode_map_dumb)

static int open_vgem(void)
{
	int fd = -1;

	if (!system("modprobe vgem"))
		for (int tries = 0; fd < 0 && tries < 100; tries++) {
			fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
			if (fd < 0)
				usleep(10 * 1000);
		}
	return fd;
}

static int load_file(const char *path, uint32_t flags)
{
	struct dmabuf_lab_read load = {
		.file_fd = open_file(path, true),
		.flags = flags,
		.readers = flags ? 2 : 0,
		.gather_bytes = flags ? MIB(1) : 0,
		.bytes = FILE_BYTES,
	};
	int err = alloc_and_read(&load);

	close(load.file_fd);
	if (err)
		bail_out("load %s: %s", path, strerror(-err));
	return load.dmabuf_fd;
}

/* True where vgem's own mapping shows what the buffer holds. */
static bool same_through_vgem(int vgem, uint32_t handle, int dmabuf_fd)
{
	struct drm_mode_map_dumb place = { .handle = handle };
	size_t size = page_align(FILE_BYTES);
	void *theirs, *ours;
	bool same;

	if (ioctl(vgem, DRM_IOCTL_MODE_MAP_DUMB, &place))
		bail_out("DRM_IOCTL_MODE_MAP_DUMB");
	theirs = mmap(NULL, size, PROT_READ, MAP_SHARED, vgem, place.offset);
	ours = mmap(NULL, size, PROT_READ, MAP_SHARED, dmabuf_fd, 0);
	if (theirs == MAP_FAILED || ours == MAP_FAILED)
		bail_out("mmap");
	same = !memcmp(theirs, ours, size);
	munmap(theirs, size);
	munmap(ours, size);
	return same;
}

static void test_one_import(int vgem, const char *path, uint32_t flags)
{
	int dmabuf_fd = load_file(path, flags);
	struct drm_prime_handle prime = { .fd = dmabuf_fd };
	struct drm_gem_close end = { 0 };
	int64_t wrong;

	if (ioctl(vgem, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime)) {
		report(false, "vgem imports the buffer", "%m");
		close(dmabuf_fd);
		return;
	}
	pass("vgem imports the buffer");
	report(same_through_vgem(vgem, prime.handle, dmabuf_fd),
	       "vgem maps what the file held", "the bytes differ");
	/* With a device attached and mapped, CPU access is synchronised. */
	wrong = first_wrong_byte(dmabuf_fd, 0, 0, FILE_BYTES);
	report(wrong < 0, "the buffer is whole while it is imported",
	       "byte %" PRId64 " is wrong", wrong);
	close(dmabuf_fd);
	end.handle = prime.handle;
	if (ioctl(vgem, DRM_IOCTL_GEM_CLOSE, &end))
		bail_out("DRM_IOCTL_GEM_CLOSE");
}

void test_import(const char *folder)
{
	struct counters before, after;
	int vgem = open_vgem();
	char path[4096];

	if (vgem < 0) {
		note("this kernel has no vgem");
		return;
	}
	snprintf(path, sizeof(path), "%s/import.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	before = read_counters();
	test_one_import(vgem, path, 0);
	test_one_import(vgem, path, DMABUF_LAB_ASYNC);
	after = read_counters();
	report(after.dma_bufs == before.dma_bufs &&
	       after.module_references == before.module_references,
	       "the importer lets go", "%ld dma-bufs, %ld references more",
	       after.dma_bufs - before.dma_bufs,
	       after.module_references - before.module_references);
	close(vgem);
	unlink(path);
}
