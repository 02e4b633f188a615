/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file/page_cache.h"
#include "loader/rounding.h"
#include "system/sysfs.h"
#include "system/test_process.h"

#ifndef CIFS_SUPER_MAGIC
#define CIFS_SUPER_MAGIC 0xFF534D42
#endif
#ifndef SMB2_SUPER_MAGIC
#define SMB2_SUPER_MAGIC 0xFE534D42
#endif
#ifndef CEPH_SUPER_MAGIC
#define CEPH_SUPER_MAGIC 0x00c36400
#endif
#ifndef FUSE_SUPER_MAGIC
#define FUSE_SUPER_MAGIC 0x65735546
#endif

#define SYS_CACHESTAT 451 /* the same number on every architecture */
#define MINCORE_STEP_BYTES (64ULL << 20)
#define MINCORE_STEP_PAGES (MINCORE_STEP_BYTES / 4096)

/* struct cachestat_range and struct cachestat of <linux/mman.h> (Linux 6.5). */
struct cachestat_range {
	uint64_t offset;
	uint64_t length;
};

struct cachestat {
	uint64_t cached_pages;
	uint64_t dirty_pages;
	uint64_t writeback_pages;
	uint64_t evicted_pages;
	uint64_t recently_evicted_pages;
};

/* For others than owner and writers mincore() answers "resident" always (Linux 5.2), which would be a lie here. */
static bool mincore_tells_truth(int fd)
{
	struct stat status;

	if (geteuid() == 0)
		return true;
	return fstat(fd, &status) == 0 && status.st_uid == geteuid();
}

static int64_t resident_pages_of_step(int fd, uint64_t offset, uint64_t bytes)
{
	static unsigned char pages[MINCORE_STEP_PAGES];
	uint64_t count = (bytes + page_bytes() - 1) / page_bytes();
	int64_t resident = 0;
	void *address = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, (off_t)offset);

	if (address == MAP_FAILED)
		return -1;
	if (mincore(address, bytes, pages) == 0) {
		for (uint64_t i = 0; i < count; i++)
			resident += pages[i] & 1;
	} else {
		resident = -1;
	}
	munmap(address, bytes);
	return resident;
}

static int64_t resident_pages_by_mincore(int fd, uint64_t bytes)
{
	int64_t resident = 0;

	if (!mincore_tells_truth(fd))
		return -1;
	for (uint64_t offset = 0; offset < bytes; offset += MINCORE_STEP_BYTES) {
		int64_t step = resident_pages_of_step(fd, offset, smaller(MINCORE_STEP_BYTES, bytes - offset));

		if (step < 0)
			return -1;
		resident += step;
	}
	return resident;
}

static int64_t resident_pages_by_cachestat(int fd, uint64_t bytes)
{
	struct cachestat_range range = { 0, bytes };
	struct cachestat found;

	return syscall(SYS_CACHESTAT, fd, &range, &found, 0) == 0 ? (int64_t)found.cached_pages : -1;
}

/* Where the pages of a file are: with the file itself, with a file below it, or where nobody here can see them. */
enum cache { CACHE_OWN, CACHE_BELOW, CACHE_ELSEWHERE };

static enum cache cache_of(int fd)
{
	struct statfs status;

	if (fstatfs(fd, &status))
		return CACHE_OWN;
	switch ((uint32_t)status.f_type) {
	case OVERLAYFS_SUPER_MAGIC:
	case ECRYPTFS_SUPER_MAGIC:
		return CACHE_BELOW;
	/* Of these a server has the file, on this machine or on another; what it keeps in memory is its own affair. */
	case FUSE_SUPER_MAGIC:
	case NFS_SUPER_MAGIC:
	case SMB2_SUPER_MAGIC:
	case CIFS_SUPER_MAGIC:
	case CEPH_SUPER_MAGIC:
	case V9FS_MAGIC:
		return CACHE_ELSEWHERE;
	default:
		return CACHE_OWN;
	}
}

/*
 * cachestat() looks at the file's own pages alone, and overlayfs keeps none: a mapping reaches those of the file below.
 * What is found is there in any case; that nothing is found proves something only where the pages would be seen.
 */
int64_t resident_bytes(int fd, uint64_t bytes)
{
	enum cache cache = cache_of(fd);
	int64_t pages = resident_pages_by_cachestat(fd, bytes);
	bool seen = cache == CACHE_OWN && pages >= 0;

	if (!seen) {
		int64_t mapped = resident_pages_by_mincore(fd, bytes);

		seen = cache != CACHE_ELSEWHERE && mapped >= 0;
		pages = mapped > pages ? mapped : pages;
	}
	return seen || pages > 0 ? pages * (int64_t)page_bytes() : -1;
}

void drop_file_cache(int fd)
{
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

/* drop_caches leaves dirty pages alone, hence the sync. With a read-only /proc the check afterwards says "warm". */
static void drop_all_caches(void)
{
	sync();
	(void)sysfs_write("/proc/sys/vm/drop_caches", "3");
}

void drop_caches(int fd)
{
	/* Beside a test, all other tests would have to read their programs again. */
	if (geteuid() == 0 && !test_process())
		drop_all_caches();
	drop_file_cache(fd);
}
