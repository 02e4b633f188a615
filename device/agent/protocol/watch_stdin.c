/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "protocol/failure.h"
#include "protocol/watch_stdin.h"
#include "system/kernel_settings.h"

static _Atomic(const char *) unfinished_path;

/* Also runs as a signal handler: nothing here but system calls. */
static _Noreturn void leave(int signal_number)
{
	const char *path = atomic_load(&unfinished_path);

	(void)signal_number;
	if (path)
		unlink(path);
	kernel_settings_restore();
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

void on_stop_signals(void (*handler)(int))
{
	static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = handler };

	for (size_t i = 0; i < sizeof(stop_signals) / sizeof(*stop_signals); i++)
		sigaction(stop_signals[i], &action, NULL);
}

int watch_stdin(void)
{
	pthread_t thread;
	int number;

	on_stop_signals(leave);
	number = pthread_create(&thread, NULL, read_until_closed, NULL);
	if (number)
		return report_failure(
			AGENT_FAILED, number,
			"Look at the limits on processes (ulimit -u) and on the address space (ulimit -v).",
			"cannot start the thread that watches stdin: %s", strerror(number));
	pthread_detach(thread);
	return 0;
}

void remove_when_stopped(const char *path)
{
	atomic_store(&unfinished_path, path);
}
