// SPDX-License-Identifier: GPL-2.0
/*
 * Storage that fails in the middle of a file: an error, and nothing left.
 */
#include "tests.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "block_device.h"
#include "counters.h"
#include "loads.h"
#include "report.h"
#include "wrapfd_calls.h"

#define FILE_BYTES MIB(6)
#define DEVICE_BYTES MIB(16)

static void test_mode(const struct load_mode *mode, const char *path, bool direct)
{
	struct dmabuf_lab_read load = prepare_load(mode, path, direct, FILE_BYTES, MIB(1));
	int before = open_descriptors();
	char name[128];
	int err;

	drop_from_cache(path);
	err = run_load(mode, &load);
	snprintf(name, sizeof(name), "I/O error, %s, %s", mode->name, direct ? "direct" : "buffered");
	report(err == -EIO && open_descriptors() == before, name, "%s, %d descriptors more", strerror(-err),
	       open_descriptors() - before);
	end_load(&load);
}

void test_io_error(const char *folder)
{
	struct counters before, after;
	char path[4096];

	faulty_device_create(folder, DEVICE_BYTES);
	snprintf(path, sizeof(path), "%s/faulty/file.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	faulty_device_break(device_offset(path, FILE_BYTES / 2), 4096);
	lab_device();
	wrapfd_device();
	before = read_counters();
	for (size_t i = 0; i < NR_LOAD_MODES; i++) {
		test_mode(&load_modes[i], path, false);
		test_mode(&load_modes[i], path, true);
	}
	after = read_counters();
	note_counters("before", &before);
	note_counters("after", &after);
	report(after.dma_bufs == before.dma_bufs && !after.reader_threads, "nothing is left after an I/O error",
	       "%ld dma-bufs, %ld threads", after.dma_bufs - before.dma_bufs, after.reader_threads);
	faulty_device_remove();
}
