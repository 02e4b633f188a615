/* SPDX-License-Identifier: MIT */
#ifndef AGENT_CONTENT_H
#define AGENT_CONTENT_H

#include <stdint.h>

/* Generated file content: a function of (seed, offset), incompressible; defined in docs/agent-protocol.md. */

#define CONTENT_FITS UINT64_MAX

/* Writes the content of [offset, offset + bytes); @offset is a multiple of 8. */
void content_fill(char *target, uint64_t seed, uint64_t offset, uint64_t bytes);

/* The byte at @offset. */
unsigned char content_byte(uint64_t seed, uint64_t offset);

/* The first offset in [offset, offset + bytes) where @data differs, or CONTENT_FITS; @offset is a multiple of 8. */
uint64_t content_compare(const char *data, uint64_t seed, uint64_t offset, uint64_t bytes);

#endif
