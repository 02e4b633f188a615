/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests ask of the module, of heaps and of files.
 */
#ifndef LOADS_H
#define LOADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dmabuf_lab_uapi.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)

/* The device of the module; opened once. */
int lab_device(void);

/* Both return 0 or a negative errno. */
int alloc_and_read(struct dmabuf_lab_read *load);
int read_into(struct dmabuf_lab_read *load);

/* Ways to load: into a new buffer, or into one of the system heap. */
struct load_mode {
	const char *name;
	uint32_t flags;
	uint32_t readers;
	bool into;
	bool wrapped; /* through the wrapfd device */
	bool earlier; /* in its earlier layout */
};

#define NR_LOAD_MODES 8
extern const struct load_mode load_modes[NR_LOAD_MODES];

/* A load from the file's begin; @gather_bytes for modes with readers. */
struct dmabuf_lab_read prepare_load(const struct load_mode *mode, const char *path, bool direct, uint64_t bytes,
				    uint64_t gather_bytes);
int run_load(const struct load_mode *mode, struct dmabuf_lab_read *load);

/* Closes the file, and the buffer if there is one. */
void end_load(const struct dmabuf_lab_read *load);

/* Of this kernel: 4 KiB, or 16 KiB on an arm64 device. */
uint64_t page_bytes(void);
uint64_t page_align(uint64_t bytes);

/* A dma-buf of the system heap, or of udmabuf. */
int heap_buffer(uint64_t bytes);
int heap_buffer_read_only(uint64_t bytes);
int udmabuf_buffer(uint64_t bytes);

/* Writes a file of the pattern to disk and out of the page cache. */
void write_pattern_file(const char *path, uint64_t bytes);

/* The same for who looks at no content: what takes long to read is to be made soon, under emulation as well. */
void write_long_file(const char *path, uint64_t bytes);

int open_file(const char *path, bool direct);

/* Pages of the file in the page cache. */
uint64_t cached_pages(const char *path, uint64_t bytes);

void drop_from_cache(const char *path);

/*
 * Offset of the first byte of the buffer that is not what the file holds from
 * @file_offset on, or not zero after @bytes up to the page's end; -1 where all
 * are right.
 */
int64_t first_wrong_byte(int dmabuf_fd, uint64_t buffer_offset, uint64_t file_offset, uint64_t bytes);

int open_descriptors(void);

/* "max_mib" of a call or "max_total_mib" of all; zero for the default. */
void set_module_limit(const char *parameter, uint64_t mib);

#endif
