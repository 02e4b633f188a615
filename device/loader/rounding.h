/* SPDX-License-Identifier: MIT */
#ifndef LOADER_ROUNDING_H
#define LOADER_ROUNDING_H

#include <stdint.h>
#include <unistd.h>

/* @step need not be a power of two. */
static inline uint64_t round_up(uint64_t value, uint64_t step)
{
	return (value + step - 1) / step * step;
}

static inline uint64_t round_down(uint64_t value, uint64_t step)
{
	return value / step * step;
}

static inline uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/*
 * What one last-level table of 8-byte entries maps, which is the transparent huge page on x86-64 and arm64:
 * 2 MiB with pages of 4 KiB, 32 MiB with pages of 16 KiB.
 */
static inline uint64_t bytes_of_huge_page(void)
{
	return page_bytes() * (page_bytes() / 8);
}

#endif
