/* SPDX-License-Identifier: MIT */
#ifndef LOADER_SOURCE_H
#define LOADER_SOURCE_H

#include "dmabuf_loader.h"

/* The file that is loaded. */
struct source {
	int fd;
	bool direct;
	uint64_t align_bytes; /* offset and length of a direct read are multiples of it; 1 when buffered */
};

/* Alignment of O_DIRECT as statx(STATX_DIOALIGN) tells (Linux 6.1); 0 where it does not, or where there is none. */
struct direct_align {
	bool told; /* then 0 means that this file is never read directly, whatever open() said */
	uint64_t memory_bytes;
	uint64_t offset_bytes;
	bool read_told;
	uint32_t read_offset_bytes; /* of reads alone, where they need less (STATX_DIO_READ_ALIGN, Linux 6.15) */
};

int source_open(struct source *source, const char *path, bool direct, struct dmabuf_loader_error *error);
/* The same file by another descriptor of it, so that the caller may close or replace his. */
int source_open_again(struct source *source, int fd, bool direct, struct dmabuf_loader_error *error);
void source_close(struct source *source);

/*
 * Reads exactly @bytes at @offset. A direct read is rounded up to the alignment, so @address must have room for
 * source_rounded(@bytes); what lies beyond @bytes is zeroed. A file that ends early fails.
 */
int source_read(const struct source *source, char *address, uint64_t offset, uint64_t bytes,
		struct dmabuf_loader_error *error);

/* Whether a file system or a kernel says by this errno that it does not read the file directly at all. */
bool source_refuses(const struct source *source, int number);
/* Says so. Returns -1. */
int source_refused(struct dmabuf_loader_error *error, int number);

/* A length that a buffer needs for a read of @bytes: whole pages and whole blocks. */
uint64_t source_rounded(const struct source *source, uint64_t bytes);

/* What a read at @offset that failed says of the file system. Returns -1. */
int source_read_failed(const struct source *source, int number, uint64_t offset, struct dmabuf_loader_error *error);

/* Fails the load because the file has fewer bytes than were asked for. Returns -1. */
int source_ended(struct dmabuf_loader_error *error, uint64_t offset);

struct direct_align direct_align_of(int fd);

/* What a refused open() with O_DIRECT says of the file. */
const char *why_no_direct_open(const char *path);

#endif
