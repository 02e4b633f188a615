// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers import buffers: the module's own, and another of the kernel, vgem,
 * which attaches and maps for DMA. It maps no imported buffer to user space
 * (drm_gem_dumb_map_offset), so the bytes are compared through our mapping.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
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

static int import_now(struct dmabuf_lab_import *import)
{
	return ioctl(lab_device(), DMABUF_LAB_IOC_IMPORT, import) ? -errno : 0;
}

static void test_own_import(int dmabuf_fd, const char *exporter, uint64_t bytes)
{
	struct dmabuf_lab_import import = { .dmabuf_fd = dmabuf_fd };
	int err = import_now(&import);
	char name[64];

	snprintf(name, sizeof(name), "the module's device imports a buffer of %s", exporter);
	report(!err && import.begin_ns <= import.attach_end_ns && import.attach_end_ns <= import.map_end_ns &&
		       import.map_end_ns <= import.sync_end_ns && import.sync_end_ns <= import.unmap_end_ns &&
		       import.segments >= 1 && import.segments <= bytes / KIB(4) &&
		       import.longest_segment_bytes >= KIB(4) && import.longest_segment_bytes <= bytes,
	       name, "%s, %" PRIu64 " segments, the longest of %" PRIu64 " bytes", strerror(-err),
	       (uint64_t)import.segments, (uint64_t)import.longest_segment_bytes);
	report(!is_attached("dmabuf_lab_importer"), "and lets go of it", "it is still attached");
	close(dmabuf_fd);
}

static void refused_import(struct dmabuf_lab_import import, int error, const char *what)
{
	int err = import_now(&import);

	report(err == -error, what, "%s", strerror(-err));
}

static void test_own_imports(const char *path)
{
	struct dmabuf_lab_import import = { .dmabuf_fd = -1 };

	test_own_import(load_file(path, 0), "the module", MIB(6));
	test_own_import(heap_buffer(MIB(8)), "the system heap", MIB(8));
	test_own_import(udmabuf_buffer(MIB(8)), "udmabuf", MIB(8));
	refused_import(import, EBADF, "an import of no descriptor");
	import.dmabuf_fd = open_file(path, false);
	refused_import(import, EINVAL, "an import of a file");
	close(import.dmabuf_fd);
	import.dmabuf_fd = heap_buffer(MIB(1));
	import.flags = 1;
	refused_import(import, EINVAL, "an import with a flag");
	import.flags = 0;
	import.reserved[3] = 1;
	refused_import(import, EINVAL, "an import with a reserved field");
	close(import.dmabuf_fd);
}

void test_import(const char *folder)
{
	struct counters before, after;
	int vgem = open_vgem();
	char path[4096];

	snprintf(path, sizeof(path), "%s/import.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	before = read_counters();
	test_own_imports(path);
	if (vgem < 0) {
		note("this kernel has no vgem");
	} else {
		test_one_import(vgem, path, 0);
		test_one_import(vgem, path, DMABUF_LAB_ASYNC);
	}
	after = read_counters();
	report(after.dma_bufs == before.dma_bufs && after.module_references == before.module_references,
	       "the importer lets go", "%ld dma-bufs, %ld references more", after.dma_bufs - before.dma_bufs,
	       after.module_references - before.module_references);
	if (vgem >= 0)
		close(vgem);
	unlink(path);
}
