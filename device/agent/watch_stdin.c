/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "watch_stdin.h"

static _Atomic(const char *) unfinished_path;
static _Atomic(const char *) setting_path;
static _Atomic(const char *) setting_value;

static void write_setting(const char *path, const char *value)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	/* Nobody is left to tell when it fails. */
	if (file >= 0 && write(file, value, strlen(value)) < 0)
		return;
}

/* Also runs as a signal handler: nothing here but system calls. */
static _Noreturn void leave(int signal_number)
{
	const char *path = atomic_load(&unfinished_path);

	(void)signal_number;
	if (path)
		unlink(path);
	path = atomic_load(&setting_path);
	if (path)
		write_setting(path, atomic_load(&setting_value));
	_exit(STOPPED_EXIT_CODE);
}

static void *read_until_closed(void *unused)
{
	char ignored[256];
	ssize_t got;

	(void)unused;
	do
		got = read(STDIN_FILENO, ignored, sizeof(ignored));
	while (got > 0 || (got < 0 && errno == EINTR));
	leave(0);
}

int watch_stdin(void)
{
	static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = leave };
	pthread_t thread;
	int number;

	for (size_t i = 0; i < sizeof(stop_signals) / sizeof(*stop_signals); i++)
		sigaction(stop_signals[i], &action, NULL);
	number = pthread_create(&thread, NULL, read_until_closed, NULL);
	if (number)
		return report_failure(AGENT_FAILED, number, "Free some memory and try again.",
				      "cannot start the thread that watches stdin");
	pthread_detach(thread);
	return 0;
}

void remove_when_stopped(const char *path)
{
	atomic_store(&unfinished_path, path);
}

void restore_when_stopped(const char *path, const char *value)
{
	atomic_store(&setting_value, value);
	atomic_store(&setting_path, path);
}

_Noreturn void wait_until_stopped(void)
{
	for (;;)
		pause();
}
