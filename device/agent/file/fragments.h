/* SPDX-License-Identifier: MIT */
#ifndef AGENT_FRAGMENTS_H
#define AGENT_FRAGMENTS_H

#include <stdint.h>

/* Makes a new file lie in pieces that do not adjoin on the device, before and while its content is written. */
struct fragments {
	uint64_t piece_bytes;
	int spacer; /* a file whose blocks are written between those of the other; -1: not needed */
};

/* Begins with the empty file, in whose @folder there is room for it twice. Returns 0, or -1 with errno. */
int fragments_begin(struct fragments *fragments, int fd, const char *folder, uint64_t bytes);

/* After each piece that was written to the file. Returns 0, or -1 with errno. */
int fragments_part(const struct fragments *fragments, int fd);

/* Gives the spacer's blocks back. */
void fragments_end(struct fragments *fragments);

#endif
