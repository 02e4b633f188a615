/* SPDX-License-Identifier: MIT */
#ifndef AGENT_FILE_STATE_H
#define AGENT_FILE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* What the file system has made of a file, and whether a storage could make it smaller. -1: not told. */
struct file_state {
	int64_t bytes;
	int64_t allocated_bytes; /* on the device, whole blocks */
	int64_t hole_bytes;	 /* never written: read as zeros, without the storage */
	int64_t unwritten_bytes; /* reserved only: the same */
	int64_t extents;
	bool compressed;
	bool encrypted;
	bool verity;
	bool has_inline; /* content among the metadata */
	bool immutable;	 /* nobody may write to it (chattr +i) */
	bool journalled; /* its data go through the journal (chattr +j) */
	bool shared;	 /* blocks that another file has, too */
	int64_t pieces;	 /* runs of adjoining blocks on the device */
	/* Of a sample of its bytes: bits of information a byte, in thousandths; 8000 is what cannot be compressed. */
	int64_t entropy_millibits;
	int64_t repeated_percent; /* of the pages in the sample: the same as an earlier one */
};

/* Reads a MiB of the file at most, and drops the file from the page cache. */
void file_state_find(int fd, struct file_state *state);

/* Whether the file lies in many small pieces; of a compressed one every cluster is one, which says nothing. */
bool file_state_is_fragmented(const struct file_state *state);

/* Whether a storage that compresses would have to read noticeably less than the file. */
bool file_state_is_compressible(const struct file_state *state);

/* Whether the byte at @offset lies among the metadata. False where the file system does not tell. */
bool file_is_inline_at(int fd, uint64_t offset);

/* Extents of the file (FS_IOC_FIEMAP), or -1 where the file system does not tell. */
int64_t file_extent_count(int fd);

#endif
