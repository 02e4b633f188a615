// SPDX-License-Identifier: GPL-2.0
/*
 * Many callers at once, killed at random; the kernel's counters must come back.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"

#define FILE_BYTES	MIB(2)
#define WARM_UP_SECONDS	2
/* Per-CPU lists and slabs breathe; one lost buffer of the warm-up's thousands
 * would be a tenth of this, so a leak in one call of a hundred shows.
 */
#define SLACK_PAGES	4096

/* Shared by all callers. */
struct totals {
	uint64_t done;
	uint64_t refused;
	uint64_t unexpected;
};

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int random_load(const char *path, unsigned int *seed)
{
	bool direct = rand_r(seed) & 1;
	int kind = rand_r(seed) % 4;
	struct dmabuf_lab_read load = {
		.file_fd = open_file(path, direct),
		.bytes = 1 + rand_r(seed) % FILE_BYTES,
		.dmabuf_fd = -1,
	};
	int err;

	if (kind == 0 || kind == 2) {
		load.flags = DMABUF_LAB_ASYNC;
		load.readers = 1 + rand_r(seed) % 3;
		load.gather_bytes = KIB(64) << rand_r(seed) % 4;
	} else if (kind == 3 && rand_r(seed) & 1) {
		load.flags = DMABUF_LAB_PIPE;
	}
	if (kind < 2) {
		err = alloc_and_read(&load);
	} else {
		load.dmabuf_fd = heap_buffer(load.bytes);
		err = read_into(&load);
	}
	if (load.dmabuf_fd >= 0)
		close(load.dmabuf_fd);
	close(load.file_fd);
	return err;
}

static void call_until_killed(const char *path, struct totals *totals)
{
	unsigned int seed = getpid() ^ time(NULL);

	for (;;) {
		int err = random_load(path, &seed);
		uint64_t *total = &totals->done;

		if (err == -ENOMEM || err == -EINTR)
			total = &totals->refused;
		else if (err)
			total = &totals->unexpected;
		__atomic_add_fetch(total, 1, __ATOMIC_RELAXED);
	}
}

/*
 * Hundreds of callers share two CPUs: the one who kills, and who has to die,
 * go first. Children of this process do not inherit it.
 */
static void go_first(pid_t pid)
{
	struct sched_param first = { .sched_priority = 1 };

	if (sched_setscheduler(pid, SCHED_RR | SCHED_RESET_ON_FORK, &first) &&
	    errno != ESRCH)
		bail_out("raise the priority of %d", pid);
}

static void end_caller(pid_t pid)
{
	go_first(pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static pid_t start_caller(const char *path, struct totals *totals)
{
	pid_t pid = fork();

	if (pid < 0)
		bail_out("fork");
	if (!pid)
		call_until_killed(path, totals);
	return pid;
}

static uint64_t run_callers(const char *path, struct totals *totals,
			    unsigned int seconds, unsigned int callers)
{
	pid_t *pids = calloc(callers, sizeof(*pids));
	unsigned int seed = 1;
	uint64_t killed = 0;
	double end;

	for (unsigned int i = 0; i < callers; i++)
		pids[i] = start_caller(path, totals);
	end = now_seconds() + seconds;
	while (now_seconds() < end) {
		unsigned int victim = rand_r(&seed) % callers;

		usleep(rand_r(&seed) % 4000);
		end_caller(pids[victim]);
		killed++;
		pids[victim] = start_caller(path, totals);
	}
	for (unsigned int i = 0; i < callers; i++)
		end_caller(pids[i]);
	free(pids);
	return killed + callers;
}

static void compare_counters(const struct counters *before,
			     const struct counters *after)
{
	report(after->dma_bufs == before->dma_bufs &&
	       after->dma_buf_bytes == before->dma_buf_bytes,
	       "no dma-buf is left", "%ld more",
	       after->dma_bufs - before->dma_bufs);
	report(after->files <= before->files, "no file reference is left",
	       "%ld more", after->files - before->files);
	report(after->reader_threads == 0, "no reader thread is left", "%ld",
	       after->reader_threads);
	report(after->module_references == before->module_references,
	       "no reference to the module is left", "%ld more",
	       after->module_references - before->module_references);
	report(before->free_pages - after->free_pages < SLACK_PAGES,
	       "no page is left", "%ld pages less",
	       before->free_pages - after->free_pages);
}

void test_kill_stress(const char *folder, unsigned int seconds,
		      unsigned int callers)
{
	struct counters before, after;
	struct totals *totals;
	uint64_t killed;
	char path[4096];

	if (!seconds || !callers) {
		errno = EINVAL;
		bail_out("%u seconds, %u callers", seconds, callers);
	}
	totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		bail_out("mmap");
	snprintf(path, sizeof(path), "%s/stress.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	go_first(0);

	run_callers(path, totals, WARM_UP_SECONDS, callers);
	memset(totals, 0, sizeof(*totals));
	before = read_counters();
	killed = run_callers(path, totals, seconds, callers);
	after = read_counters();

	note("%u callers for %u s: %" PRIu64 " loads, %" PRIu64
	     " refused for memory, %" PRIu64 " killed", callers, seconds,
	     totals->done, totals->refused, killed);
	note_counters("before", &before);
	note_counters("after", &after);
	report(totals->done > 0, "loads were done", "none");
	report(!totals->unexpected, "no unexpected error", "%" PRIu64,
	       totals->unexpected);
	compare_counters(&before, &after);
	unlink(path);
}
