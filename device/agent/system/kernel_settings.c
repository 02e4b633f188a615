/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "in_kernel/in_kernel_patch_uapi.h"
#include "loader/rounding.h"
#include "loader/udmabuf.h"
#include "system/kernel_settings.h"
#include "system/settings_keeper.h"
#include "system/sysfs.h"

#define MIB (1ULL << 20)
/* A policy of cpufreq may be one processor. */
#define MAX_SETTINGS 300

static const char huge_pages_path[] = "/sys/kernel/mm/transparent_hugepage/shmem_enabled";
static const char hugetlb_path[] = "/proc/sys/vm/nr_hugepages";
static const char free_lists_path[] = "/proc/sys/vm/percpu_pagelist_high_fraction";

/*
 * So small a part of the memory that the kernel takes its least instead, four batches a processor. Nobody else writes
 * this number: where it stands already, an agent was killed before it could put the kernel's own choice, 0, back.
 */
#define SMALLEST_FRACTION "999983"

struct setting {
	char path[96];
	char original[32];
};

static struct setting changed[MAX_SETTINGS];
static atomic_uint changed_count;

/* Remembered before it is written: a stop in between writes back what is there already. Returns 0, or -1 with errno. */
static int change(const char *path, const char *original, const char *value)
{
	struct setting *setting = &changed[changed_count];

	if (changed_count == MAX_SETTINGS) {
		errno = ENOSPC;
		return -1;
	}
	snprintf(setting->path, sizeof(setting->path), "%s", path);
	snprintf(setting->original, sizeof(setting->original), "%s", original);
	changed_count++;
	settings_keeper_note(path, original);
	if (sysfs_write(path, value) == 0)
		return 0;
	changed_count--;
	return -1;
}

#define LOCK_PAUSE_NS (10L * 1000 * 1000)
#define SETTING_TRIES 100
/* As long as a large load may take. */
#define LENT_TRIES 1000

/* The descriptor that holds a lock on the setting, or -1 where it cannot be had. */
static int lock_setting(const char *path, int operation, int tries)
{
	const struct timespec pause = { 0, LOCK_PAUSE_NS };
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	for (; fd >= 0 && tries > 0; tries--) {
		if (flock(fd, operation | LOCK_NB) == 0)
			return fd;
		nanosleep(&pause, NULL);
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Held while huge pages are lent to a load: who asks what the machine has waits for it. */
static int huge_pages_lock = -1;

void kernel_settings_restore(void)
{
	unsigned int count = atomic_exchange(&changed_count, 0);

	while (count > 0) {
		count--;
		/* Nobody is left to tell when it fails. */
		(void)sysfs_write(changed[count].path, changed[count].original);
	}
	settings_keeper_forget();
	if (huge_pages_lock >= 0)
		close(huge_pages_lock);
	huge_pages_lock = -1;
}

/* The smallest limit that admits @bytes on kernels with and without the 32-bit overflow. */
static uint64_t sufficient_limit_mib(uint64_t bytes)
{
	uint64_t limit = (bytes + MIB - 1) / MIB;

	if (dmabuf_loader_limit_bytes(limit) >= bytes)
		return limit;
	/* 2048 MiB above a multiple of 4096 MiB is negative in 32 bits: no limit there, and enough elsewhere. */
	limit = round_up(limit, 4096) - 2048;
	return limit * MIB >= bytes ? limit : limit + 4096;
}

void kernel_settings_admit_udmabuf(uint64_t bytes)
{
	int64_t now = sysfs_number(UDMABUF_SIZE_LIMIT_PATH);
	char original[32], wanted[32];

	if (now < 0 || dmabuf_loader_limit_bytes((uint64_t)now) >= bytes)
		return;
	snprintf(original, sizeof(original), "%" PRId64, now);
	snprintf(wanted, sizeof(wanted), "%" PRIu64, sufficient_limit_mib(bytes));
	change(UDMABUF_SIZE_LIMIT_PATH, original, wanted);
}

/* The word in brackets is the one that holds. */
static bool chosen_word(const char *words, char *word, size_t room)
{
	const char *from = strchr(words, '['), *to = from ? strchr(from, ']') : NULL;

	if (!to || (size_t)(to - from) > room)
		return false;
	snprintf(word, room, "%.*s", (int)(to - from - 1), from + 1);
	return true;
}

static void admit_largest(void)
{
	char words[128];

	if (!sysfs_line(words, sizeof(words), huge_pages_path) || !strstr(words, "[never]"))
		return;
	huge_pages_lock = lock_setting(huge_pages_path, LOCK_SH, SETTING_TRIES);
	change(huge_pages_path, "never", "advise");
}

bool kernel_settings_huge_pages(char *word, size_t room)
{
	char words[128];
	int lock = lock_setting(huge_pages_path, LOCK_EX, LENT_TRIES);
	bool found = sysfs_line(words, sizeof(words), huge_pages_path) && chosen_word(words, word, room);

	if (lock >= 0)
		close(lock);
	return found;
}

/* The settings of each size that some page size has, up to a table of 64 KiB pages; an unchanged one is not written. */
#define SMALLEST_FOLIO_KIB 8
#define FOLIO_SIZES 17
static char folio_paths[FOLIO_SIZES][96];

static const char *folio_path(unsigned int size)
{
	snprintf(folio_paths[size], sizeof(folio_paths[size]),
		 "/sys/kernel/mm/transparent_hugepage/hugepages-%ukB/shmem_enabled", SMALLEST_FOLIO_KIB << size);
	return folio_paths[size];
}

static void admit_folios(uint64_t folio_bytes)
{
	char words[128], now[32];

	for (unsigned int size = 0; size < FOLIO_SIZES; size++) {
		const char *path = folio_path(size);
		const char *wanted = (SMALLEST_FOLIO_KIB << size) * 1024ULL == folio_bytes ? "advise" : "never";

		if (sysfs_line(words, sizeof(words), "%s", path) && chosen_word(words, now, sizeof(now)) &&
		    strcmp(now, wanted) != 0)
			change(path, now, wanted);
	}
}

void kernel_settings_admit_huge_pages(uint64_t folio_bytes)
{
	if (folio_bytes)
		admit_folios(folio_bytes);
	else
		admit_largest();
}

static bool has_folios(uint64_t folio_bytes)
{
	char words[128];

	return sysfs_line(words, sizeof(words),
			  "/sys/kernel/mm/transparent_hugepage/hugepages-%" PRIu64 "kB/shmem_enabled",
			  folio_bytes / 1024) &&
	       !strstr(words, "[never]");
}

bool kernel_settings_has_huge_pages(uint64_t folio_bytes)
{
	char words[128];

	if (folio_bytes)
		return has_folios(folio_bytes);
	return !sysfs_line(words, sizeof(words), huge_pages_path) ||
	       (!strstr(words, "[never]") && !strstr(words, "[deny]"));
}

void kernel_settings_reserve_hugetlb(uint64_t bytes, uint64_t page_bytes)
{
	int64_t now = sysfs_number(hugetlb_path);
	char original[32], wanted[32];

	if (now < 0)
		return;
	snprintf(original, sizeof(original), "%" PRId64, now);
	snprintf(wanted, sizeof(wanted), "%" PRIu64, (uint64_t)now + (bytes + page_bytes - 1) / page_bytes);
	change(hugetlb_path, original, wanted);
}

int kernel_settings_cap_clock(const char *path, int64_t now_khz, uint64_t khz)
{
	char original[32], wanted[32];

	snprintf(original, sizeof(original), "%" PRId64, now_khz);
	snprintf(wanted, sizeof(wanted), "%" PRIu64, khz);
	return change(path, original, wanted);
}

/* One agent at a time, or one would take the other's number for the original. It holds the lock for some 20 ms. */
static int free_lists_lock = -1;

void kernel_settings_shorten_free_lists(void)
{
	char original[32];

	free_lists_lock = lock_setting(free_lists_path, LOCK_EX, SETTING_TRIES);
	if (free_lists_lock < 0 || !sysfs_line(original, sizeof(original), free_lists_path))
		return;
	change(free_lists_path, strcmp(original, SMALLEST_FRACTION) ? original : "0", SMALLEST_FRACTION);
}

/* The last change made is the first to go; a stop in between has written everything back already. */
void kernel_settings_restore_free_lists(void)
{
	unsigned int count = changed_count;

	if (count > 0 && !strcmp(changed[count - 1].path, free_lists_path)) {
		(void)sysfs_write(free_lists_path, changed[count - 1].original);
		(void)atomic_compare_exchange_strong(&changed_count, &count, count - 1);
	}
	if (free_lists_lock >= 0)
		close(free_lists_lock);
	free_lists_lock = -1;
}

uint64_t kernel_settings_gather_limit(uint64_t bytes)
{
	uint64_t piece = IN_KERNEL_PATCH_SMALLEST_BATCH_PAGES * page_bytes();
	uint64_t limit = smaller(round_up(bytes, piece), INT32_MAX / piece * piece);
	int64_t now = sysfs_number(IN_KERNEL_PATCH_GATHER_LIMIT_PATH);
	char original[32], wanted[32];

	if (now < 0)
		return IN_KERNEL_PATCH_GATHER_LIMIT_BYTES;
	if ((uint64_t)now == limit)
		return limit;
	snprintf(original, sizeof(original), "%" PRId64, now);
	snprintf(wanted, sizeof(wanted), "%" PRIu64, limit);
	change(IN_KERNEL_PATCH_GATHER_LIMIT_PATH, original, wanted);
	return (uint64_t)sysfs_number(IN_KERNEL_PATCH_GATHER_LIMIT_PATH);
}
