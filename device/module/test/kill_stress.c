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
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"
#include "loads.h"
#include "report.h"
#include "wrapfd_calls.h"

#define FILE_BYTES MIB(1)
#define WARM_UP_SECONDS 1
#define MOST_PAUSE_US (200 * 1000)
#define MAX_CALLERS 1000

/* Shared with all callers. */
struct totals {
	uint64_t done;
	uint64_t refused;
	uint64_t unexpected;
	uint64_t killed;
	uint64_t killed_in_call;
	bool in_call[MAX_CALLERS];
};

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int load_of_kind(int kind, struct dmabuf_lab_read *load)
{
	struct wrapfd_part whole = { .file_fd = load->file_fd, .len = load->bytes };

	if (kind == 4)
		return wrapfd_load_once(load->dmabuf_fd, whole);
	return kind < 2 ? alloc_and_read(load) : read_into(load);
}

static int random_load(const char *path, unsigned int *seed, bool *in_call)
{
	bool direct = rand_r(seed) & 1;
	int kind = rand_r(seed) % 5;
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
	if (kind >= 2)
		load.dmabuf_fd = heap_buffer(load.bytes);
	*in_call = true;
	err = load_of_kind(kind, &load);
	*in_call = false;
	if (load.dmabuf_fd >= 0)
		close(load.dmabuf_fd);
	close(load.file_fd);
	return err;
}

static void call_until_killed(const char *path, struct totals *totals, unsigned int index)
{
	unsigned int seed = getpid() ^ time(NULL);

	for (;;) {
		int err = random_load(path, &seed, &totals->in_call[index]);
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

	if (sched_setscheduler(pid, SCHED_RR | SCHED_RESET_ON_FORK, &first) && errno != ESRCH)
		bail_out("raise the priority of %d", pid);
}

static pid_t start_caller(const char *path, struct totals *totals, unsigned int index)
{
	pid_t pid = fork();

	if (pid < 0)
		bail_out("fork");
	if (!pid)
		call_until_killed(path, totals, index);
	return pid;
}

/* Ends one caller in @one_in, all together: each waits for its own I/O. */
static void kill_some(pid_t *pids, struct totals *totals, unsigned int callers, unsigned int one_in, unsigned int *seed)
{
	bool chosen[MAX_CALLERS] = { false };

	for (unsigned int i = 0; i < callers; i++) {
		chosen[i] = rand_r(seed) % one_in == 0;
		if (!chosen[i])
			continue;
		totals->killed++;
		totals->killed_in_call += totals->in_call[i];
		go_first(pids[i]);
		kill(pids[i], SIGKILL);
	}
	for (unsigned int i = 0; i < callers; i++) {
		if (!chosen[i])
			continue;
		waitpid(pids[i], NULL, 0);
		pids[i] = 0;
		totals->in_call[i] = false;
	}
}

static void start_missing(const char *path, pid_t *pids, struct totals *totals, unsigned int callers)
{
	for (unsigned int i = 0; i < callers; i++)
		if (!pids[i])
			pids[i] = start_caller(path, totals, i);
}

static void run_callers(const char *path, struct totals *totals, unsigned int seconds, unsigned int callers)
{
	double end = now_seconds() + seconds;
	pid_t pids[MAX_CALLERS] = { 0 };
	unsigned int seed = 1;

	while (now_seconds() < end) {
		start_missing(path, pids, totals, callers);
		usleep(rand_r(&seed) % MOST_PAUSE_US);
		kill_some(pids, totals, callers, 8, &seed);
	}
	start_missing(path, pids, totals, callers);
	kill_some(pids, totals, callers, 1, &seed);
}

static void compare_counters(const struct counters *before, const struct counters *after)
{
	report(after->dma_bufs == before->dma_bufs && after->dma_buf_bytes == before->dma_buf_bytes,
	       "no dma-buf is left", "%ld more", after->dma_bufs - before->dma_bufs);
	report(after->reader_threads == 0, "no reader thread is left", "%ld", after->reader_threads);
	report(after->module_references == before->module_references, "no reference to the module is left", "%ld more",
	       after->module_references - before->module_references);
	report(before->free_pages - after->free_pages < slack_pages(), "no page is left", "%ld pages less",
	       before->free_pages - after->free_pages);
}

void test_kill_stress(const char *folder, unsigned int seconds, unsigned int callers)
{
	struct counters before, after;
	struct totals *totals;
	char path[4096], mount_point[4000];

	if (!seconds || !callers || callers > MAX_CALLERS) {
		errno = EINVAL;
		bail_out("%u seconds, %u callers", seconds, callers);
	}
	totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		bail_out("mmap");
	snprintf(mount_point, sizeof(mount_point), "%s/stress", folder);
	if ((mkdir(mount_point, 0700) && errno != EEXIST) || mount(mount_point, mount_point, NULL, MS_BIND, NULL))
		bail_out("mount %s", mount_point);
	snprintf(path, sizeof(path), "%s/stress/file.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	wrapfd_device();
	go_first(0);

	run_callers(path, totals, WARM_UP_SECONDS, callers);
	memset(totals, 0, sizeof(*totals));
	before = read_counters();
	run_callers(path, totals, seconds, callers);
	after = read_counters();

	note("%u callers for %u s: %" PRIu64 " loads, %" PRIu64 " refused for memory, %" PRIu64 " killed, %" PRIu64
	     " of them in a call",
	     callers, seconds, totals->done, totals->refused, totals->killed, totals->killed_in_call);
	note_counters("before", &before);
	note_counters("after", &after);
	report(totals->done && totals->killed_in_call, "loads were done and killed", "%" PRIu64 " and %" PRIu64,
	       totals->done, totals->killed_in_call);
	report(!totals->unexpected, "no unexpected error", "%" PRIu64, totals->unexpected);
	compare_counters(&before, &after);
	unlink(path);
	/* The kernel counts open files only roughly, but unmounts only if none. */
	report(!umount(mount_point), "no file reference is left", "%m");
	rmdir(mount_point);
}
