// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "block_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loads.h"
#include "report.h"

#define NAME "dmabuf_lab_faulty"
#define SECTOR_BYTES 512
#define MAX_TARGETS 3

static char image[4096], mount_point[4096], loop_path[64], dm_path[64];
static uint64_t device_sectors;
static int control = -1, loop = -1;

/* One dm ioctl: the header, then room for a table. */
struct dm_request {
	struct dm_ioctl header;
	char table[MAX_TARGETS * 512];
};

struct dm_range {
	uint64_t begin;
	uint64_t sectors;
	const char *type;
};

static struct dm_request dm_request(void)
{
	struct dm_request request = { 0 };

	request.header.version[0] = DM_VERSION_MAJOR;
	request.header.data_size = sizeof(request);
	request.header.data_start = sizeof(request.header);
	strcpy(request.header.name, NAME);
	return request;
}

static void dm_call(unsigned long command, struct dm_request *request, const char *what)
{
	if (ioctl(control, command, request))
		bail_out("device mapper: %s", what);
}

static void dm_load(const struct dm_range *ranges, int count)
{
	struct dm_request request = dm_request();
	char *at = request.table;

	request.header.target_count = count;
	for (int i = 0; i < count; i++) {
		struct dm_target_spec *spec = (struct dm_target_spec *)at;

		spec->sector_start = ranges[i].begin;
		spec->length = ranges[i].sectors;
		strcpy(spec->target_type, ranges[i].type);
		spec->next = 512;
		snprintf(at + sizeof(*spec), 512 - sizeof(*spec), "%s %llu", loop_path,
			 (unsigned long long)ranges[i].begin);
		at += 512;
	}
	dm_call(DM_TABLE_LOAD, &request, "load a table");
	request = dm_request();
	dm_call(DM_DEV_SUSPEND, &request, "resume");
}

/* Runs a program of the device, whose own output is no part of the report. */
static void run(const char *program, const char *argument)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		execlp(program, program, argument, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status)
		bail_out("%s %s", program, argument);
}

static void attach_loop(uint64_t bytes)
{
	int loop_control, backing;
	int number;

	if (access("/dev/loop-control", F_OK))
		run("modprobe", "loop");
	loop_control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	number = ioctl(loop_control, LOOP_CTL_GET_FREE);
	snprintf(loop_path, sizeof(loop_path), "/dev/loop%d", number);
	backing = open(image, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (backing < 0 || ftruncate(backing, bytes))
		bail_out("create %s", image);
	loop = open(loop_path, O_RDWR | O_CLOEXEC);
	if (loop < 0 || ioctl(loop, LOOP_SET_FD, backing))
		bail_out("set up %s", loop_path);
	close(backing);
	close(loop_control);
}

static void create_dm(void)
{
	struct dm_request request = dm_request();
	struct dm_range all = { 0, device_sectors, "linear" };
	unsigned int device_minor;
	int tries = 0;

	if (access("/dev/mapper/control", F_OK))
		run("modprobe", "dm_mod");
	control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);
	if (control < 0)
		bail_out("open /dev/mapper/control");
	dm_call(DM_DEV_CREATE, &request, "create");
	device_minor = minor(request.header.dev);
	dm_load(&all, 1);
	snprintf(dm_path, sizeof(dm_path), "/dev/dm-%u", device_minor);
	while (access(dm_path, F_OK) && tries++ < 100)
		usleep(10 * 1000);
}

void faulty_device_create(const char *folder, uint64_t bytes)
{
	snprintf(image, sizeof(image), "%s/faulty.img", folder);
	snprintf(mount_point, sizeof(mount_point), "%s/faulty", folder);
	device_sectors = bytes / SECTOR_BYTES;
	attach_loop(bytes);
	create_dm();
	run("mke2fs", dm_path);
	if ((mkdir(mount_point, 0700) && errno != EEXIST) || mount(dm_path, mount_point, "ext4", 0, NULL))
		bail_out("mount %s", dm_path);
}

void faulty_device_break(uint64_t offset, uint64_t bytes)
{
	uint64_t begin = offset / SECTOR_BYTES;
	uint64_t end = (offset + bytes) / SECTOR_BYTES;
	const struct dm_range ranges[] = {
		{ 0, begin, "linear" },
		{ begin, end - begin, "error" },
		{ end, device_sectors - end, "linear" },
	};

	dm_load(ranges, 3);
}

void faulty_device_remove(void)
{
	struct dm_request request = dm_request();

	if (umount(mount_point))
		bail_out("unmount %s", mount_point);
	dm_call(DM_DEV_REMOVE, &request, "remove");
	ioctl(loop, LOOP_CLR_FD);
	close(loop);
	close(control);
	rmdir(mount_point);
	unlink(image);
}

uint64_t device_offset(const char *path, uint64_t file_offset)
{
	struct {
		struct fiemap map;
		struct fiemap_extent extent;
	} query = {
		.map.fm_start = file_offset,
		.map.fm_length = SECTOR_BYTES,
		.map.fm_extent_count = 1,
	};
	int fd = open_file(path, false);

	if (ioctl(fd, FS_IOC_FIEMAP, &query) || !query.map.fm_mapped_extents)
		bail_out("FIEMAP of %s", path);
	close(fd);
	return query.extent.fe_physical + file_offset - query.extent.fe_logical;
}
