/* SPDX-License-Identifier: MIT */
/*
 * What small pages of a buffer cost, each cause alone: every round does each once, on memory of its own. Prints one
 * JSON object a round, times in ns; pinNs is 0 without /dev/udmabuf.
 *
 *	populating-costs BYTES ROUNDS
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/clock.h"
#include "loader/memory.h"

static void check(bool passed, const char *what)
{
	if (passed)
		return;
	perror(what);
	exit(1);
}

static int new_memfd(uint64_t bytes)
{
	int fd = memfd_create("populating-costs", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	check(fd >= 0 && ftruncate(fd, (off_t)bytes) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0, "memfd");
	return fd;
}

static char *mapped(int fd, uint64_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	check(at != MAP_FAILED, "mmap");
	return at;
}

static int64_t populate(char *at, uint64_t bytes, int advice)
{
	int64_t begun = now_ns();

	check(madvise(at, bytes, advice) == 0, "madvise");
	return now_ns() - begun;
}

static int64_t write_zeros(int fd, uint64_t bytes)
{
	static const char zeros[ZEROS_BYTES];
	int64_t begun = now_ns();

	for (uint64_t at = 0; at < bytes; at += ZEROS_BYTES)
		check(pwrite(fd, zeros, ZEROS_BYTES, (off_t)at) == (ssize_t)ZEROS_BYTES, "pwrite");
	return now_ns() - begun;
}

/* UDMABUF_CREATE of pages that are there: finding and pinning them. */
static int64_t pin(int fd, uint64_t bytes)
{
	struct udmabuf_create request = { .memfd = (uint32_t)fd, .flags = UDMABUF_FLAGS_CLOEXEC, .size = bytes };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), dmabuf;
	int64_t begun;

	if (device < 0)
		return 0;
	begun = now_ns();
	dmabuf = ioctl(device, UDMABUF_CREATE, &request);
	begun = now_ns() - begun;
	check(dmabuf >= 0, "UDMABUF_CREATE");
	close(dmabuf);
	close(device);
	return begun;
}

static int64_t clear(char *at, uint64_t bytes)
{
	int64_t begun = now_ns();

	memset(at, 0, bytes);
	/* Or the compiler leaves it out. */
	__asm__ volatile("" : : "r"(at) : "memory");
	return now_ns() - begun;
}

static void round_of(uint64_t bytes, int number)
{
	int reserved = new_memfd(bytes), written = new_memfd(bytes), whole = new_memfd(bytes);
	char *at, *other;
	int64_t begun = now_ns();

	/* Pages and their places in the tree of the memfd; they are cleared when they are first used. */
	check(fallocate(reserved, 0, 0, (off_t)bytes) == 0, "fallocate");
	printf("{\"round\":%d,\"treeNs\":%" PRId64, number, now_ns() - begun);
	at = mapped(reserved, bytes);
	printf(",\"clearAndFaultNs\":%" PRId64, populate(at, bytes, MADV_POPULATE_WRITE));
	/* A second mapping of the same pages has nothing left to do but its faults. */
	other = mapped(reserved, bytes);
	printf(",\"faultNs\":%" PRId64, populate(other, bytes, MADV_POPULATE_WRITE));
	munmap(other, bytes);
	printf(",\"clearNs\":%" PRId64, clear(at, bytes));
	printf(",\"pinNs\":%" PRId64, pin(reserved, bytes));
	munmap(at, bytes);
	close(reserved);

	at = mapped(whole, bytes);
	printf(",\"populateWriteNs\":%" PRId64, populate(at, bytes, MADV_POPULATE_WRITE));
	munmap(at, bytes);
	close(whole);

	printf(",\"writeZerosNs\":%" PRId64, write_zeros(written, bytes));
	at = mapped(written, bytes);
	printf(",\"faultAroundNs\":%" PRId64 "}\n", populate(at, bytes, MADV_POPULATE_READ));
	munmap(at, bytes);
	close(written);
	fflush(stdout);
}

int main(int count, char **words)
{
	uint64_t bytes;

	if (count != 3)
		return 2;
	bytes = strtoull(words[1], NULL, 10) / ZEROS_BYTES * ZEROS_BYTES;
	for (int number = 0; number < atoi(words[2]); number++)
		round_of(bytes, number);
	return 0;
}
