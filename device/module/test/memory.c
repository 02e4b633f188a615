// SPDX-License-Identifier: GPL-2.0
/*
 * Who pays for the memory of a buffer, and how much all buffers may hold.
 */
#define _GNU_SOURCE
#include "tests.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loads.h"
#include "report.h"

#define FILE_BYTES MIB(16)
#define TOTAL_BUFFERS 3
#define RACERS 8

/* Both allocate: by the caller, and by the caller beside its readers. */
static const struct load_mode *const modes[] = { &load_modes[0], &load_modes[2] };

/* Opens nothing that stays but the buffer. */
static int load_buffer(const struct load_mode *mode, const char *path, int *dmabuf_fd)
{
	struct dmabuf_lab_read load = prepare_load(mode, path, true, FILE_BYTES, MIB(4));
	int err = run_load(mode, &load);

	*dmabuf_fd = err ? -1 : load.dmabuf_fd;
	close(load.file_fd);
	return err;
}

/* As many buffers as the limit allows, one more is refused, and each that goes makes room for one. */
static void test_total(const struct load_mode *mode, const char *path)
{
	int buffers[TOTAL_BUFFERS + 1];
	char name[64];
	int err = 0;

	for (int i = 0; i < TOTAL_BUFFERS && !err; i++)
		err = load_buffer(mode, path, &buffers[i]);
	snprintf(name, sizeof(name), "%s: buffers up to the limit in total", mode->name);
	report(!err, name, "%s", strerror(-err));
	if (err)
		return;
	err = load_buffer(mode, path, &buffers[TOTAL_BUFFERS]);
	snprintf(name, sizeof(name), "%s: one buffer more", mode->name);
	report(err == -ENOMEM, name, "%s, expected %s", strerror(-err), strerror(ENOMEM));
	close(buffers[0]);
	err = load_buffer(mode, path, &buffers[0]);
	snprintf(name, sizeof(name), "%s: one in the place of another", mode->name);
	report(!err, name, "%s", strerror(-err));
	for (int i = err ? 1 : 0; i < TOTAL_BUFFERS; i++)
		close(buffers[i]);
}

/* Loads once @start is closed, and keeps what it got until @end is. */
static void race(const char *path, int start, int done, int end)
{
	int fd, err;
	char byte;

	if (read(start, &byte, 1))
		_exit(2);
	err = load_buffer(&load_modes[0], path, &fd);
	if (err && err != -ENOMEM)
		_exit(2);
	byte = err ? 0 : 1;
	if (write(done, &byte, 1) != 1 || read(end, &byte, 1))
		_exit(2);
	_exit(0);
}

static void test_racing_total(const char *path)
{
	int start[2], done[2], end[2], got = 0, broken = 0, status;
	char byte;

	if (pipe(start) || pipe(done) || pipe(end))
		bail_out("pipe");
	for (int i = 0; i < RACERS; i++) {
		if (!fork()) {
			close(start[1]);
			close(end[1]);
			race(path, start[0], done[1], end[0]);
		}
	}
	close(done[1]);
	close(start[1]);
	for (int i = 0; i < RACERS && read(done[0], &byte, 1) == 1; i++)
		got += byte;
	close(end[1]);
	while (wait(&status) > 0)
		broken += status != 0;
	close(start[0]);
	close(done[0]);
	close(end[0]);
	/* Two may refuse each other where one of them had room. */
	report(got && got <= TOTAL_BUFFERS && !broken, "callers at once stay below the limit", "%d of %d, %d broken",
	       got, RACERS, broken);
}

static void write_text(const char *folder, const char *name, const char *text)
{
	char path[4200];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		bail_out("write %s", path);
}

static uint64_t read_count(const char *folder, const char *name)
{
	char path[4200];
	uint64_t count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%" SCNu64, &count) != 1)
		bail_out("read %s", path);
	fclose(file);
	return count;
}

/* In a process that is in the group. A cgroup counts in batches of pages. */
static void test_charge(const struct load_mode *mode, const char *path, const char *group)
{
	uint64_t before = read_count(group, "memory.current"), during, after;
	int fd, err = load_buffer(mode, path, &fd);
	char name[64];

	during = read_count(group, "memory.current");
	if (!err)
		close(fd);
	after = read_count(group, "memory.current");
	snprintf(name, sizeof(name), "%s: the caller's cgroup is charged", mode->name);
	report(!err && during - before >= FILE_BYTES, name, "%s, %" PRId64 " bytes", strerror(-err),
	       (int64_t)(during - before));
	snprintf(name, sizeof(name), "%s: until the buffer is closed", mode->name);
	report(after < before + MIB(2), name, "%" PRId64 " bytes more", (int64_t)(after - before));
	write_text(group, "memory.max", "12M");
	err = load_buffer(mode, path, &fd);
	snprintf(name, sizeof(name), "%s: no more than the cgroup has", mode->name);
	report(err == -ENOMEM, name, "%s, expected %s", strerror(-err), strerror(ENOMEM));
	if (!err)
		close(fd);
	write_text(group, "memory.max", "max");
	snprintf(name, sizeof(name), "%s: what was refused holds nothing", mode->name);
	after = read_count(group, "memory.current");
	report(after < before + MIB(2), name, "%" PRId64 " bytes more", (int64_t)(after - before));
}

/* cgroup2 in a folder of its own; each mode in a group that nobody used before. */
static void test_charges(const char *folder, const char *path)
{
	char root[4096], group[4128], pid[16];

	snprintf(root, sizeof(root), "%s/cgroup", folder);
	mkdir(root, 0700);
	if (mount("none", root, "cgroup2", 0, NULL))
		bail_out("mount cgroup2");
	write_text(root, "cgroup.subtree_control", "+memory");
	snprintf(pid, sizeof(pid), "%d", getpid());
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		snprintf(group, sizeof(group), "%s/test-%zu", root, i);
		if (mkdir(group, 0700))
			bail_out("create %s", group);
		write_text(group, "cgroup.procs", pid);
		test_charge(modes[i], path, group);
		write_text(root, "cgroup.procs", pid);
		rmdir(group);
	}
	umount(root);
	rmdir(root);
}

void test_memory_limits(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/memory.bin", folder);
	write_pattern_file(path, FILE_BYTES);
	lab_device();
	test_charges(folder, path);
	/* The limit is counted from nothing: whatever ran before has left none of it. */
	set_module_limit("max_total_mib", TOTAL_BUFFERS * FILE_BYTES / MIB(1));
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		test_total(modes[i], path);
	test_racing_total(path);
	test_total(modes[0], path);
	set_module_limit("max_total_mib", 0);
	unlink(path);
}
