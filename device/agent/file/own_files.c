/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file/own_files.h"

#define OWN_PREFIX ".dmabuf-lab-"
#define PUSHED_PREFIX OWN_PREFIX "push-"
/* A push that still goes on has written since. */
#define UNLOCKED_STALE_SECONDS 60

bool is_own_file(const char *name)
{
	return strncmp(name, OWN_PREFIX, strlen(OWN_PREFIX)) == 0;
}

int own_file_create(char *path, size_t room, const char *directory, const char *purpose)
{
	struct stat status;
	int fd;

	for (;;) {
		if (snprintf(path, room, "%s/" OWN_PREFIX "%s-XXXXXX", directory, purpose) >= (int)room) {
			errno = ENAMETOOLONG;
			return -1;
		}
		fd = mkostemp(path, O_CLOEXEC);
		if (fd < 0)
			return -1;
		flock(fd, LOCK_EX | LOCK_NB);
		/* Before it was locked, another agent may have taken it for stale. */
		if (fstat(fd, &status) || status.st_nlink > 0)
			return fd;
		close(fd);
	}
}

int own_file_reopen(const char *path, int writer)
{
	int reader = open(path, O_RDONLY | O_CLOEXEC), number = errno;

	if (reader >= 0) {
		flock(writer, LOCK_SH | LOCK_NB);
		flock(reader, LOCK_SH | LOCK_NB);
	}
	close(writer);
	errno = number;
	return reader;
}

static bool is_locked_while_used(const char *name)
{
	return is_own_file(name) && strncmp(name, PUSHED_PREFIX, strlen(PUSHED_PREFIX)) != 0;
}

bool is_stale(int directory, const char *name)
{
	struct stat status;
	bool unlocked;
	int fd;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) || !S_ISREG(status.st_mode) ||
	    status.st_uid != geteuid())
		return false;
	if (!is_locked_while_used(name) && time(NULL) - status.st_mtime < UNLOCKED_STALE_SECONDS)
		return false;
	fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	unlocked = flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return unlocked;
}

void own_files_remove_stale(const char *directory)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;

	if (!entries)
		return;
	while ((entry = readdir(entries)))
		if (is_own_file(entry->d_name) && is_stale(dirfd(entries), entry->d_name))
			unlinkat(dirfd(entries), entry->d_name, 0);
	closedir(entries);
}
