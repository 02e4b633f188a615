/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "commands/commands.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "system/test_process.h"

/* An abstract name (unix(7)): no file is left behind, and the kernel lets go of it with its holder. */
#define CLAIM_NAME "dmabuf-lab measures here"

static socklen_t claim_address(struct sockaddr_un *address)
{
	size_t room = sizeof(address->sun_path) - 1;
	long test = test_process();
	int length;

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (test)
		length = snprintf(address->sun_path + 1, room, CLAIM_NAME ", test %ld", test);
	else
		length = snprintf(address->sun_path + 1, room, CLAIM_NAME);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

/* The process that listens there, or 0 where it cannot be told. */
static pid_t claim_holder(const struct sockaddr_un *address, socklen_t length)
{
	struct ucred holder = { 0 };
	socklen_t size = sizeof(holder);
	int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (connection < 0)
		return 0;
	if (connect(connection, (const struct sockaddr *)address, length) ||
	    getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &holder, &size))
		holder.pid = 0;
	close(connection);
	return holder.pid;
}

static int report_claimed(const struct sockaddr_un *address, socklen_t length)
{
	pid_t holder = claim_holder(address, length);
	const char *hint = "Wait for it to end, or cancel it there.";

	if (holder > 0)
		return report_failure(BUSY, EADDRINUSE, hint,
				      "another lab measures on this machine, through process %d", (int)holder);
	return report_failure(BUSY, EADDRINUSE, hint, "another lab measures on this machine");
}

/* Until stdin closes. Whoever asks has had the answer when the connection was made. */
static _Noreturn void keep(int listener)
{
	for (;;) {
		int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (connection >= 0)
			close(connection);
		else if (errno != EINTR && errno != ECONNABORTED)
			pause();
	}
}

int command_claim(int count, char **words)
{
	struct sockaddr_un address;
	socklen_t length = claim_address(&address);
	int listener;

	(void)words;
	if (count)
		return report_failure(BAD_INPUT, 0, "", "claim takes no options");
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0)
		return report_failure(AGENT_FAILED, errno, "Look at the limit on open files (ulimit -n).",
				      "cannot open a socket: %s", strerror(errno));
	if (bind(listener, (const struct sockaddr *)&address, length)) {
		int number = errno;

		close(listener);
		if (number == EADDRINUSE)
			return report_claimed(&address, length);
		return report_failure(AGENT_FAILED, number, "", "cannot claim this machine: %s", strerror(number));
	}
	/* Listens so that another one can ask whose it is; one that cannot be asked is claimed all the same. */
	(void)listen(listener, 8);
	json_line("claimed");
	json_line_end();
	fflush(stdout);
	keep(listener);
}
