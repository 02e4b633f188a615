/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "loader/rounding.h"
#include "system/free_lists.h"
#include "system/kernel_settings.h"
#include "system/sysfs.h"

/* A refresh takes at most 2016 pages from a list (batch << CONFIG_PCP_BATCH_SCALE_MAX): 128 empty one of 1 GiB. */
#define MOST_REFRESHES 128
#define REFRESHES_PER_LOOK 8

int64_t free_list_bytes(void)
{
	FILE *file = fopen("/proc/zoneinfo", "re");
	int64_t sum = 0;
	long long count;
	char line[256];

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %lld", &count) == 1)
			sum += count;
	fclose(file);
	return sum * (int64_t)page_bytes();
}

static int refresh_some(void)
{
	for (int i = 0; i < REFRESHES_PER_LOOK; i++)
		if (sysfs_write("/proc/sys/vm/stat_refresh", "1"))
			return -1;
	return 0;
}

void settle_free_lists(void)
{
	int64_t before = free_list_bytes(), now;

	kernel_settings_shorten_free_lists();
	for (int done = 0; done < MOST_REFRESHES && before >= 0; done += REFRESHES_PER_LOOK) {
		if (refresh_some())
			break;
		now = free_list_bytes();
		if (now >= before)
			break;
		before = now;
	}
	kernel_settings_restore_free_lists();
}
