// SPDX-License-Identifier: MIT
/*
 * The load of `memfd-buffered` with nothing around it: the yardstick for what the agent itself costs.
 * Usage: plain-load FILE BYTES; prints the nanoseconds from before the first open until the buffer is ready.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Populates as the loader does (device/loader/memory.c), so that only what surrounds the load differs. */
static int populate(int memory, char *buffer, size_t bytes)
{
	static const char zeros[64 << 10];
	size_t done = 0;

	while (done < bytes) {
		size_t left = bytes - done;
		ssize_t put = write(memory, zeros, left < sizeof(zeros) ? left : sizeof(zeros));

		if (put <= 0)
			return -1;
		done += put;
	}
	return madvise(buffer, bytes, MADV_POPULATE_READ);
}

int main(int argc, char **argv)
{
	size_t bytes = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	size_t done = 0;
	long long start;
	char *buffer;
	int file, memory;

	if (!bytes)
		return 2;
	start = now_ns();
	file = open(argv[1], O_RDONLY | O_CLOEXEC);
	memory = memfd_create("plain-load", MFD_CLOEXEC);
	if (file < 0 || memory < 0 || ftruncate(memory, bytes))
		return 1;
	buffer = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	if (buffer == MAP_FAILED || populate(memory, buffer, bytes))
		return 1;
	while (done < bytes) {
		ssize_t got = read(file, buffer + done, bytes - done);

		if (got <= 0)
			return 1;
		done += got;
	}
	printf("%lld\n", now_ns() - start);
	return 0;
}
