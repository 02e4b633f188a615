/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>

#include "file/page_cache.h"
#include "load/counters.h"
#include "system/free_lists.h"
#include "system/procfs.h"
#include "system/sysfs.h"

#define SECTOR_BYTES 512 /* the unit of the stat file, whatever the device's block (Documentation/block/stat.rst) */
#define MAX_COOLING_DEVICES 64

static int64_t device_read_bytes(uint64_t device)
{
	char line[512];
	long long sectors;

	if (!sysfs_line(line, sizeof(line), "/sys/dev/block/%u:%u/stat", major(device), minor(device)))
		return -1;
	return sscanf(line, "%*d %*d %lld", &sectors) == 1 ? sectors * SECTOR_BYTES : -1;
}

static int64_t timeval_ns(struct timeval time)
{
	return ((int64_t)time.tv_sec * 1000000 + time.tv_usec) * 1000;
}

/* A processor's cooling device above 0 means that its frequency is held down because of heat. */
int64_t cooling_state(void)
{
	int64_t sum = -1, state;
	char type[64];

	for (int i = 0; i < MAX_COOLING_DEVICES; i++) {
		if (!sysfs_line(type, sizeof(type), "/sys/class/thermal/cooling_device%d/type", i))
			continue;
		if (!strstr(type, "cpu") && !strstr(type, "Processor"))
			continue;
		state = sysfs_number("/sys/class/thermal/cooling_device%d/cur_state", i);
		if (state >= 0)
			sum = (sum < 0 ? 0 : sum) + state;
	}
	return sum;
}

void counters_take(struct counters *counters, int fd, uint64_t bytes, uint64_t device)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	counters->device_read_bytes = device_read_bytes(device);
	counters->process_read_bytes = procfs_field("/proc/self/io", "read_bytes");
	counters->resident_bytes = resident_bytes(fd, bytes);
	counters->huge_page_bytes = meminfo_bytes("ShmemHugePages");
	counters->free_list_bytes = free_list_bytes();
	counters->cpu_ns = timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
	counters->minor_faults = usage.ru_minflt;
	counters->cooling_state = cooling_state();
}

int64_t counter_difference(int64_t before, int64_t after)
{
	return before < 0 || after < 0 ? -1 : after - before;
}
