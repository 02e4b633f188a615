/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../loader/rounding.h"
#include "../loader/udmabuf.h"
#include "system_file.h"
#include "udmabuf_limit.h"
#include "watch_stdin.h"

#define MIB (1ULL << 20)

static char original[32];	/* empty: nothing to put back */

static int write_limit(const char *text)
{
	int file = open(UDMABUF_SIZE_LIMIT_PATH, O_WRONLY | O_CLOEXEC);
	ssize_t put;

	if (file < 0)
		return -1;
	put = write(file, text, strlen(text));
	close(file);
	return put < 0 ? -1 : 0;
}

/* The smallest limit that admits @bytes on kernels with and without the 32-bit overflow. */
static uint64_t sufficient_limit_mib(uint64_t bytes)
{
	uint64_t limit = (bytes + MIB - 1) / MIB;

	if (dmabuf_loader_limit_bytes(limit) >= bytes)
		return limit;
	/* 2048 MiB above a multiple of 4096 MiB is negative in 32 bits: no limit there, enough elsewhere. */
	limit = round_up(limit, 4096) - 2048;
	return limit * MIB >= bytes ? limit : limit + 4096;
}

void udmabuf_limit_raise(uint64_t bytes)
{
	int64_t now = system_number(UDMABUF_SIZE_LIMIT_PATH);
	char wanted[32];

	if (now < 0 || dmabuf_loader_limit_bytes((uint64_t)now) >= bytes)
		return;
	snprintf(original, sizeof(original), "%" PRId64, now);
	snprintf(wanted, sizeof(wanted), "%" PRIu64, sufficient_limit_mib(bytes));
	restore_when_stopped(UDMABUF_SIZE_LIMIT_PATH, original);
	if (write_limit(wanted))
		udmabuf_limit_restore();
}

void udmabuf_limit_restore(void)
{
	if (original[0])
		write_limit(original);
	original[0] = '\0';
	restore_when_stopped(NULL, NULL);
}
