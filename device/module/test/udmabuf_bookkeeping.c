// SPDX-License-Identifier: GPL-2.0
/*
 * What kernel memory UDMABUF_CREATE takes for its records of a buffer: objects of the general slab caches
 * (/proc/slabinfo), and in all (SUnreclaim of /proc/meminfo, which has arrays from the page allocator as well, and
 * /proc/vmallocinfo). Linux 6.11 and 6.12 keep an entry of 24 bytes for every folio.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "loads.h"
#include "report.h"

#define BUFFER_BYTES MIB(64)
#define ENTRY_BYTES 24
#define OBJECT_BYTES 32
#define NR_OBJECT_SIZES 3
#define SHMEM_ENABLED "/sys/kernel/mm/transparent_hugepage/shmem_enabled"

/* The caches that an entry can come from: one of its own, or a general one. */
static const unsigned int object_sizes[NR_OBJECT_SIZES] = { 24, 32, 64 };

struct kernel_memory {
	int64_t objects[NR_OBJECT_SIZES];
	int64_t all_bytes;
};

static FILE *open_table(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file)
		bail_out("open %s: %m", path);
	return file;
}

static void write_setting(const char *path, const char *word)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(word, file) < 0 || fclose(file))
		bail_out("write %s to %s", word, path);
}

/* kmalloc-32, or one of kmalloc-rnd-01-32 … where the kernel has several of each size. */
static void count_objects(struct kernel_memory *memory)
{
	FILE *file = open_table("/proc/slabinfo");
	unsigned int object_bytes;
	char line[512], name[128];
	int64_t active;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%127s %" SCNd64 " %*d %u", name, &active, &object_bytes) != 3)
			continue;
		if (strncmp(name, "kmalloc-", 8) && strncmp(name, "udmabuf", 7))
			continue;
		for (unsigned int i = 0; i < NR_OBJECT_SIZES; i++)
			if (object_sizes[i] == object_bytes)
				memory->objects[i] += active;
	}
	fclose(file);
}

static void count_vmalloc(struct kernel_memory *memory)
{
	FILE *file = open_table("/proc/vmallocinfo");
	char line[512];

	while (fgets(line, sizeof(line), file)) {
		const char *pages = strstr(line, " pages=");

		if (strstr(line, "udmabuf") && pages)
			memory->all_bytes += atoll(pages + strlen(" pages=")) * sysconf(_SC_PAGESIZE);
	}
	fclose(file);
}

/* Each processor keeps a difference of its own until it is asked to give it up. */
static void count_slabs(struct kernel_memory *memory)
{
	FILE *file;
	char line[256];
	int64_t kib;

	write_setting("/proc/sys/vm/stat_refresh", "1");
	file = open_table("/proc/meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "SUnreclaim: %" SCNd64, &kib) == 1)
			memory->all_bytes += kib << 10;
	fclose(file);
}

static struct kernel_memory kernel_memory(void)
{
	struct kernel_memory memory = { 0 };

	count_objects(&memory);
	count_vmalloc(&memory);
	count_slabs(&memory);
	return memory;
}

/* Pages in place before anything is counted. */
static int filled_memfd(int advice)
{
	int memfd = memfd_create("bookkeeping", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	void *address;

	if (memfd < 0 || ftruncate(memfd, BUFFER_BYTES) || fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		bail_out("make a memfd: %m");
	address = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
	if (address == MAP_FAILED)
		bail_out("map a memfd: %m");
	madvise(address, BUFFER_BYTES, advice);
	memset(address, 1, BUFFER_BYTES);
	munmap(address, BUFFER_BYTES);
	return memfd;
}

static bool keeps_entries(void)
{
	struct utsname name;
	unsigned int major, minor;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		bail_out("uname");
	return major == 6 && (minor == 11 || minor == 12);
}

/* The cache whose objects grew the most, and by how many. */
static int64_t most_objects(const struct kernel_memory *before, const struct kernel_memory *after,
			    unsigned int *object_bytes)
{
	int64_t most = INT64_MIN;

	for (unsigned int i = 0; i < NR_OBJECT_SIZES; i++) {
		int64_t objects = after->objects[i] - before->objects[i];

		if (objects > most) {
			most = objects;
			*object_bytes = object_sizes[i];
		}
	}
	return most;
}

static void check_entries(const char *pages, const struct kernel_memory *before, const struct kernel_memory *after,
			  int64_t folios)
{
	int64_t entries = keeps_entries() ? folios : 0;
	unsigned int object_bytes;
	int64_t objects = most_objects(before, after, &object_bytes);
	char name[96];

	note("%s: %" PRId64 " folios, %" PRId64 " slab objects of %u bytes more, kernel memory %" PRId64 " bytes more",
	     pages, folios, objects, object_bytes, after->all_bytes - before->all_bytes);
	if (entries)
		note("%s: %" PRId64 " bytes of entries used, %" PRId64 " wasted", pages, entries * ENTRY_BYTES,
		     entries * (int64_t)(OBJECT_BYTES - ENTRY_BYTES));
	snprintf(name, sizeof(name), "%s: %s", pages, entries ? "an entry for every folio" : "no entry for a folio");
	/* Others allocate and free meanwhile, some hundred objects at the most. */
	report(llabs(objects - entries) < folios / 8 + 512 && (entries < 1024 || object_bytes == OBJECT_BYTES), name,
	       "%" PRId64 " objects of %u bytes", objects, object_bytes);
}

static void measure(const char *pages, int advice, uint64_t folio_bytes)
{
	struct udmabuf_create create = { .memfd = filled_memfd(advice), .size = BUFFER_BYTES };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), buffer;
	struct kernel_memory before, after;

	if (device < 0)
		bail_out("open /dev/udmabuf: %m");
	before = kernel_memory();
	buffer = ioctl(device, UDMABUF_CREATE, &create);
	after = kernel_memory();
	if (buffer < 0)
		bail_out("create a udmabuf: %m");
	check_entries(pages, &before, &after, BUFFER_BYTES / folio_bytes);
	close(buffer);
	close(device);
	close(create.memfd);
}

static void read_setting(char word[32])
{
	FILE *file = open_table(SHMEM_ENABLED);
	char line[256];
	const char *chosen = fgets(line, sizeof(line), file) ? strchr(line, '[') : NULL;

	fclose(file);
	if (!chosen || sscanf(chosen, "[%31[^]]", word) != 1)
		bail_out("read %s", SHMEM_ENABLED);
}

void test_udmabuf_bookkeeping(const char *folder)
{
	char before[32];

	(void)folder;
	measure("scattered pages", MADV_NOHUGEPAGE, KIB(4));
	read_setting(before);
	write_setting(SHMEM_ENABLED, "advise");
	measure("huge pages", MADV_HUGEPAGE, MIB(2));
	write_setting(SHMEM_ENABLED, before);
}
