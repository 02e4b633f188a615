/* SPDX-License-Identifier: MIT */
/*
 * What the loader's claims are made of, side by side: every round does each of them once, on plain shared memory in
 * 4 KiB pages, cold and direct. Prints one JSON object a round, times in ns.
 *
 *	loader-times FILE BYTES GATHER ROUNDS BLOCK DEPTH
 *
 * BLOCK and DEPTH are those of the ceiling: the best sequential direct read of the file.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load/deep_read.h"
#include "loader/clock.h"
#include "loader/gather.h"
#include "loader/memory.h"
#include "loader/rounding.h"
#include "system/kernel_settings.h"
#include "system/procfs.h"
#include "system/settings_keeper.h"

struct bench {
	const char *path;
	int fd;
	uint64_t bytes;
	uint64_t gather_bytes;
	struct deep_read_task ceiling;
	/* Filled again and again. */
	struct dmabuf_loader_buffer kept;
	struct dmabuf_loader_buffer kept_huge; /* of huge pages, where the kernel gives them to who asks */
};

static void check(int result, const struct dmabuf_loader_error *error)
{
	if (!result)
		return;
	fprintf(stderr, "%s\n", error->reason);
	exit(1);
}

static struct dmabuf_loader_task *start_with(const struct bench *bench, struct dmabuf_loader_buffer *buffers,
					     size_t count, uint64_t bytes, bool small_pages)
{
	struct dmabuf_loader_options options = { .gather_bytes = bench->gather_bytes,
						 .small_pages = small_pages,
						 .memory = DMABUF_LOADER_MEMFD };
	struct dmabuf_loader_range ranges[2];
	struct dmabuf_loader_plan plan = { bench->fd, ranges, count, buffers, count };
	struct dmabuf_loader_error error;
	struct dmabuf_loader_task *task;

	for (size_t i = 0; i < count; i++)
		ranges[i] = (struct dmabuf_loader_range){ i * (bytes / count), bytes / count, (uint32_t)i, 0 };
	task = dmabuf_loader_start(&plan, &options, &error);
	check(task ? 0 : -1, &error);
	return task;
}

static struct dmabuf_loader_task *start(const struct bench *bench, struct dmabuf_loader_buffer *buffers, size_t count,
					uint64_t bytes)
{
	return start_with(bench, buffers, count, bytes, true);
}

static void finish(struct dmabuf_loader_task *task)
{
	struct dmabuf_loader_error error;

	check(dmabuf_loader_finish(task, &error), &error);
}

static struct dmabuf_loader_buffer room(uint64_t bytes)
{
	struct dmabuf_loader_buffer buffer = DMABUF_LOADER_NO_BUFFER;

	buffer.bytes = bytes;
	return buffer;
}

/*
 * Each step is done twice, and the second time is told: a virtual machine's host takes a page back about a second after
 * it was freed, and bringing it again is no part of a load.
 */
static bool rehearsing;

static void print(const char *name, int64_t ns)
{
	if (!rehearsing)
		printf(",\"%s\":%" PRId64, name, ns);
}

static int64_t cpu_ns(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000LL +
	       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000LL;
}

/* What a load of new buffers came to. */
struct load_times {
	int64_t ns;
	int64_t first_ns; /* until the first gather was ready */
	int64_t cpu_ns;
};

/* New buffers of an even share each. */
static struct load_times load_new(const struct bench *bench, size_t count, uint64_t bytes)
{
	struct dmabuf_loader_buffer buffers[] = { room(bytes / count), room(bytes / count) };
	int64_t cpu = cpu_ns(), begun = now_ns();
	struct dmabuf_loader_task *task = start(bench, buffers, count, bytes);
	struct load_times times = { 0 };

	if (dmabuf_loader_wait(task, bench->gather_bytes, -1) == 0)
		times.first_ns = now_ns() - begun;
	finish(task);
	times.ns = now_ns() - begun;
	times.cpu_ns = cpu_ns() - cpu;
	for (size_t i = 0; i < count; i++)
		dmabuf_loader_free(&buffers[i]);
	return times;
}

/*
 * One buffer beside two: a percent between them is asked for, so each is loaded twice, in an order in which neither gains
 * by what comes before it or by a machine that becomes slower.
 */
static void time_one_and_two(const struct bench *bench)
{
	struct load_times one = load_new(bench, 1, bench->bytes), two = load_new(bench, 2, bench->bytes), two_again,
			  one_again;

	if (rehearsing)
		return;
	two_again = load_new(bench, 2, bench->bytes);
	one_again = load_new(bench, 1, bench->bytes);
	print("oneNs", (one.ns + one_again.ns) / 2);
	print("twoNs", (two.ns + two_again.ns) / 2);
	print("oneCpuNs", (one.cpu_ns + one_again.cpu_ns) / 2);
	print("twoCpuNs", (two.cpu_ns + two_again.cpu_ns) / 2);
	print("firstReadyNs", (one.first_ns + one_again.first_ns) / 2);
}

static void time_refill(struct bench *bench)
{
	int64_t cpu = cpu_ns(), begun = now_ns();

	finish(start(bench, &bench->kept, 1, bench->bytes));
	print("refillNs", now_ns() - begun);
	print("refillCpuNs", cpu_ns() - cpu);
}

static void time_huge_refill(struct bench *bench)
{
	int64_t begun = now_ns();

	finish(start(bench, &bench->kept_huge, 1, bench->bytes));
	print("refillHugeNs", now_ns() - begun);
}

/* The same reads as the ceiling's, to @into where that is not NULL: the ceiling reads the same few MiB full again and again. */
static void time_ceiling(const struct bench *bench, const char *name, char *into)
{
	struct deep_read_task task = bench->ceiling;
	struct dmabuf_loader_error error;
	struct deep_read_result result;

	task.into = into;
	check(deep_read(&task, &result, &error), &error);
	print(name, result.ns);
}

struct populating {
	struct memory memory;
	uint64_t gather_bytes;
};

static int populate(void *context, struct gather_part part, struct dmabuf_loader_error *error)
{
	const struct populating *populating = context;
	uint64_t start = part.gather * populating->gather_bytes;

	return memory_populate(&populating->memory, start,
			       smaller(populating->gather_bytes, populating->memory.bytes - start), error);
}

static int read_nothing(void *context, uint64_t gather, unsigned int reader, struct dmabuf_loader_error *error)
{
	(void)context;
	(void)gather;
	(void)reader;
	(void)error;
	return 0;
}

/* Allocation alone. */
static void time_populating(const struct bench *bench, const char *name, bool one_memfd, unsigned int populators)
{
	static const struct gather_work work = { .allocate = populate, .read = read_nothing };
	struct memory_layout layout = { .bytes = round_up(bench->bytes, page_bytes()),
					.part_bytes = one_memfd ? 0 : bench->gather_bytes };
	struct populating populating = { .gather_bytes = bench->gather_bytes };
	struct gather_job job = {
		.bytes = bench->bytes,
		.gather_bytes = bench->gather_bytes,
		.readers = 1,
		.populators = populators,
		.work = &work,
		.context = &populating,
	};
	struct source source = { .fd = bench->fd, .align_bytes = 1 };
	struct dmabuf_loader_error error;
	int64_t begun;

	job.source = &source;
	job.gathers = calloc(dmabuf_loader_gather_count(bench->bytes, bench->gather_bytes), sizeof(*job.gathers));
	check(memory_create(&populating.memory, &layout, &error) || memory_map(&populating.memory, &error), &error);
	begun = now_ns();
	check(gather_load(&job, &error), &error);
	print(name, now_ns() - begun);
	memory_free(&populating.memory);
	free(job.gathers);
}

#define STEPS 11

static void run(struct bench *bench, int which)
{
	switch (which) {
	case 0:
		return time_one_and_two(bench);
	case 1:
		return print("gatherAloneNs", load_new(bench, 1, bench->gather_bytes).ns);
	case 2:
		return time_refill(bench);
	case 3:
		return time_ceiling(bench, "ceilingNs", NULL);
	case 4:
		return time_populating(bench, "oneMemfdOneThreadNs", true, 1);
	case 5:
		return time_populating(bench, "oneMemfdTwoThreadsNs", true, 2);
	case 6:
		return time_populating(bench, "listOneThreadNs", false, 1);
	case 7:
		return time_populating(bench, "listTwoThreadsNs", false, 2);
	case 8:
		return time_ceiling(bench, "ceilingIntoBufferNs", bench->kept.address);
	case 9:
		return time_huge_refill(bench);
	default:
		return time_ceiling(bench, "ceilingIntoHugeNs", bench->kept_huge.address);
	}
}

static void step(struct bench *bench, int which)
{
	rehearsing = true;
	run(bench, which);
	rehearsing = false;
	run(bench, which);
}

/* The setting is lent for as long as the pages are made. */
static void fill_first(struct bench *bench)
{
	finish(start(bench, &bench->kept, 1, bench->bytes));
	kernel_settings_admit_huge_pages(0);
	finish(start_with(bench, &bench->kept_huge, 1, bench->bytes, false));
	kernel_settings_restore();
}

int main(int count, char **words)
{
	struct bench bench = { .kept = DMABUF_LOADER_NO_BUFFER, .kept_huge = DMABUF_LOADER_NO_BUFFER };
	struct dmabuf_loader_error error = { .reason = "cannot open the file" };
	int rounds;

	if (count == 2 && strcmp(words[1], SETTINGS_KEEPER_COMMAND) == 0)
		return command_restore_settings();
	if (count != 7)
		return 2;
	bench.path = words[1];
	bench.fd = open(words[1], O_RDONLY | O_CLOEXEC);
	check(bench.fd < 0 ? -1 : 0, &error);
	bench.bytes = strtoull(words[2], NULL, 10);
	bench.gather_bytes = strtoull(words[3], NULL, 10);
	rounds = atoi(words[4]);
	bench.ceiling = (struct deep_read_task){ .path = words[1],
						 .bytes = bench.bytes,
						 .block_bytes = strtoull(words[5], NULL, 10),
						 .depth = (unsigned int)atoi(words[6]),
						 .direct = true };
	bench.kept.bytes = bench.bytes;
	bench.kept_huge.bytes = bench.bytes;
	fill_first(&bench);
	for (int round = 0; round < rounds; round++) {
		/* O_DIRECT leaves nothing there; others may have. */
		posix_fadvise(bench.fd, 0, 0, POSIX_FADV_DONTNEED);
		printf("{\"round\":%d,\"hugeBytes\":%" PRId64, round,
		       procfs_field("/proc/self/smaps_rollup", "ShmemPmdMapped") * 1024);
		/* Begun elsewhere in each, so that none always follows the same other. */
		for (int i = 0; i < STEPS; i++)
			step(&bench, (i + round * 2) % STEPS);
		printf("}\n");
		fflush(stdout);
	}
	return 0;
}
