/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/watch_stdin.h"
#include "system/own_program.h"
#include "system/settings_keeper.h"
#include "system/sysfs.h"

#define MAX_NOTES 512
#define NOTE_BYTES 192

/* To the keeper; -1 until it is started. A socket: a keeper that is gone must not end this process by SIGPIPE. */
static int keeper = -1;

/* In a session of its own, so that what kills a group of processes spares it. */
static int spawn(int input)
{
	char *const words[] = { program_invocation_name, SETTINGS_KEEPER_COMMAND, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid;
	int number;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	number = posix_spawn(&pid, own_program(), &actions, &attributes, words, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return number;
}

static void start(void)
{
	int ends[2];

	/* One note is one packet. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	if (spawn(ends[1]) == 0)
		keeper = ends[0];
	else
		close(ends[0]);
	close(ends[1]);
}

void settings_keeper_note(const char *path, const char *original)
{
	char note[NOTE_BYTES];
	int length = snprintf(note, sizeof(note), "%s %s", path, original);

	if (keeper < 0)
		start();
	if (keeper >= 0 && length < NOTE_BYTES)
		(void)send(keeper, note, (size_t)length, MSG_NOSIGNAL);
}

void settings_keeper_forget(void)
{
	if (keeper >= 0)
		(void)send(keeper, "-", 1, MSG_NOSIGNAL);
}

/* The last noted is the first to be put back. */
static void restore(char (*notes)[NOTE_BYTES], unsigned int count)
{
	while (count-- > 0) {
		char *value = strchr(notes[count], ' ');

		if (!value)
			continue;
		*value++ = '\0';
		(void)sysfs_write(notes[count], value);
	}
}

int command_restore_settings(void)
{
	static char notes[MAX_NOTES][NOTE_BYTES];
	unsigned int count = 0;
	ssize_t got;

	on_stop_signals(SIG_IGN);
	/* Where memory runs out, the load goes, and this puts back what it was lent. */
	(void)sysfs_write("/proc/self/oom_score_adj", "0");
	while (count < MAX_NOTES) {
		got = recv(STDIN_FILENO, notes[count], NOTE_BYTES - 1, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		notes[count][got] = '\0';
		count = notes[count][0] == '-' ? 0 : count + 1;
	}
	restore(notes, count);
	return 0;
}
