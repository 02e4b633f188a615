/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "load/load.h"
#include "loader/clock.h"
#include "loader/error.h"

/*
 * A file that shrinks while it is mapped raises SIGBUS in whoever touches the lost pages (mmap(2)). The copy runs on
 * the caller's thread alone, so one guard is enough.
 */
static sigjmp_buf escape;
static const char *guarded;
static uint64_t guarded_bytes;
static volatile uint64_t fault_offset;

static void on_bus_error(int signal_number, siginfo_t *info, void *unused)
{
	const char *address = info->si_addr;

	(void)unused;
	if (address < guarded || address >= guarded + guarded_bytes) {
		/* Not the file's mapping: die of it, as without a handler. */
		signal(signal_number, SIG_DFL);
		return;
	}
	fault_offset = (uint64_t)(address - guarded);
	siglongjmp(escape, 1);
}

static int guarded_copy(char *target, const char *file, uint64_t bytes, struct dmabuf_loader_error *error)
{
	struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO }, before;
	int result = 0;

	guarded = file;
	guarded_bytes = bytes;
	sigaction(SIGBUS, &action, &before);
	if (sigsetjmp(escape, 1) == 0)
		memcpy(target, file, bytes);
	else
		result = source_ended(error, fault_offset);
	sigaction(SIGBUS, &before, NULL);
	return result;
}

int load_copy_from_mapping(struct load *load, char *target)
{
	uint64_t bytes = load->options->bytes;
	int64_t start = now_ns(), mapped;
	char *file = mmap(NULL, bytes, PROT_READ, MAP_SHARED, load->source.fd, 0);
	int result;

	if (file == MAP_FAILED)
		return load_failed(&load->error, errno, "cannot map the file");
	mapped = now_ns();
	span_add(&load->log, LANE_CALLER, PHASE_MAP, start, mapped, bytes, NO_GATHER);
	result = guarded_copy(target, file, bytes, &load->error);
	if (result == 0)
		span_add(&load->log, LANE_READER, PHASE_COPY, mapped, now_ns(), bytes, NO_GATHER);
	munmap(file, bytes);
	return result;
}
