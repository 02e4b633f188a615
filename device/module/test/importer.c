// SPDX-License-Identifier: GPL-2.0
/*
 * Another driver of the kernel imports a buffer of the module: vgem, which
 * attaches and maps for DMA. It maps no imported buffer to user space
 * (drm_gem_dumb_map_offset), so the bytes are compared through our mapping.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"

#define FILE_BYTES (MIB(5) + 123)

/* From include/uapi/drm/drm.h, which libc does not carry. */
struct drm_prime_handle {
	uint32_t handle;
	uint32_t flags;
	int32_t fd;
};

struct drm_gem_close {
	uint32_t handle;
	uint32_t pad;
};

#define DRM_IOCTL_GEM_CLOSE _IOW('d', 0x09, struct drm_gem_close)
#define DRM_IOCTL_PRIME_FD_TO_HANDLE _IOWR('d', 0x2e, struct drm_prime_handle)

static int open_vgem(void)
{
	int fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);

	/* Not built in: then a module, whose node takes a moment. */
	if (fd < 0 && !system("modprobe vgem"))
		for (int tries = 0; fd < 0 && tries < 100; tries++) {
			usleep(10 * 1000);
			fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
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

/* True where the kernel lists a device as attached to some dma-buf. */
static bool is_attached(const char *device)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	char line[256];
	bool found = false;

	if (!file)
		bail_out("open dma_buf/bufinfo");
	while (!found && fgets(line, sizeof(line), file))
		found = line[0] == '\t' && strstr(line, device);
	fclose(file);
	return found;
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
	report(is_attached("vgem"), "vgem is attached", "bufinfo has no vgem");
	/* With a device attached and mapped, CPU access is synchronised. */
	wrong = first_wrong_byte(dmabuf_fd, 0, 0, FILE_BYTES);
	report(wrong < 0, "the buffer is whole while it is imported", "byte %" PRId64 " is wrong", wrong);
	close(dmabuf_fd);
	end.handle = prime.handle;
	if (ioctl(vgem, DRM_IOCTL_GEM_CLOSE, &end))
		bail_out("DRM_IOCTL_GEM_CLOSE");
	report(!is_attached("vgem"), "vgem detaches", "it is still attached");
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
	report(after.dma_bufs == before.dma_bufs && after.module_references == before.module_references,
	       "the importer lets go", "%ld dma-bufs, %ld references more", after.dma_bufs - before.dma_bufs,
	       after.module_references - before.module_references);
	close(vgem);
	unlink(path);
}
