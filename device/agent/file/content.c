/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "file/content.h"

#define GOLDEN 0x9E3779B97F4A7C15ULL

/* The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
static inline uint64_t splitmix64(uint64_t x)
{
	x += GOLDEN;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
	return x ^ (x >> 31);
}

static inline uint64_t word_at(uint64_t seed, uint64_t index)
{
	/* Both supported architectures are little-endian, as the content is. */
	return splitmix64(seed * GOLDEN + index);
}

void content_fill(char *target, uint64_t seed, uint64_t offset, uint64_t bytes)
{
	uint64_t word, done;

	for (done = 0; done + 8 <= bytes; done += 8) {
		word = word_at(seed, (offset + done) / 8);
		memcpy(target + done, &word, 8);
	}
	if (done < bytes) {
		word = word_at(seed, (offset + done) / 8);
		memcpy(target + done, &word, (size_t)(bytes - done));
	}
}

unsigned char content_byte(uint64_t seed, uint64_t offset)
{
	return (unsigned char)(word_at(seed, offset / 8) >> (offset % 8 * 8));
}

uint64_t content_compare(const char *data, uint64_t seed, uint64_t offset, uint64_t bytes)
{
	uint64_t at = 0, word;

	for (; at + 8 <= bytes; at += 8) {
		memcpy(&word, data + at, 8);
		if (word != word_at(seed, (offset + at) / 8))
			break;
	}
	for (; at < bytes; at++)
		if ((unsigned char)data[at] != content_byte(seed, offset + at))
			return offset + at;
	return CONTENT_FITS;
}
