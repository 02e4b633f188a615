/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <string.h>

#include "system/host_memory.h"
#include "system/sysfs.h"

#define BALLOONS "/sys/bus/virtio/drivers/virtio_balloon"

/* VIRTIO_BALLOON_F_REPORTING of <linux/virtio_balloon.h>; the file has a digit per feature, from bit 0 on. */
#define REPORTING_BIT 5

static bool balloon_reports(const char *device)
{
	char features[128];

	return sysfs_line(features, sizeof(features), BALLOONS "/%s/features", device) &&
	       strlen(features) > REPORTING_BIT && features[REPORTING_BIT] == '1';
}

bool host_takes_free_memory(void)
{
	DIR *folder = opendir(BALLOONS);
	struct dirent *entry;
	bool found = false;

	if (!folder)
		return false;
	while (!found && (entry = readdir(folder)))
		found = balloon_reports(entry->d_name);
	closedir(folder);
	return found;
}
