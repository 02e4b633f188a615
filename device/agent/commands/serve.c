/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/request.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/watch_stdin.h"
#include "system/own_program.h"

/*
 * Runs one request, and is as fresh as a process started by hand: this program executed again, as `request`. It is
 * started as soon as the last worker has ended and waits for its line, so that nobody waits for it. Its stdin and its
 * stdout are one end of a socket. The server sends the line over the other end, shuts it down to stop the worker, and
 * reads on until it ends with the worker. If the server itself dies, the worker's stdin ends and so does the worker.
 */
struct worker {
	pid_t pid;
	int socket;
};

/* What was read from stdin and is not with a worker yet. */
static struct {
	char bytes[REQUEST_MAX_BYTES];
	size_t count;
	bool closed;
	bool overflowed;
} input;

/*
 * What the worker wrote, held back for a moment so that its last line and the exit line leave together: small writes
 * one after the other wait for each other's acknowledgement on their way through adb (40 ms: Nagle, delayed ACK).
 */
#define HOLD_BACK_MS 50
static struct {
	char bytes[65536];
	size_t count;
} output;

/* A signal handler: from now on stdin reads as closed, which no poll() or read() can miss. */
static void close_input(int signal_number)
{
	int number = errno;
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)signal_number;
	dup2(nothing, STDIN_FILENO);
	close(nothing);
	errno = number;
}

static void read_input(void)
{
	size_t room = sizeof(input.bytes) - input.count;
	ssize_t got;

	if (room == 0) {
		input.overflowed = true;
		input.closed = true;
		return;
	}
	got = read(STDIN_FILENO, input.bytes + input.count, room);
	if (got > 0)
		input.count += (size_t)got;
	else if (got == 0 || errno != EINTR)
		input.closed = true;
}

/* The length of the first line with its newline; 0 where stdin closed first. */
static size_t await_line(void)
{
	while (!input.closed) {
		const char *end = memchr(input.bytes, '\n', input.count);

		if (end)
			return (size_t)(end - input.bytes) + 1;
		read_input();
	}
	return 0;
}

static const char *hint_for_start(int number)
{
	if (number == ENOMEM)
		return "Free some memory and try again.";
	if (number == EAGAIN)
		return "Look at the limits on processes (ulimit -u, pids.max).";
	if (number == EMFILE || number == ENFILE)
		return "Look at the limit on open files (ulimit -n).";
	return "The agent's own program cannot be run again. Mount /proc, or start it by its path.";
}

static int start_worker(struct worker *worker)
{
	char *const words[] = { program_invocation_name, "request", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2] = { -1, -1 };
	int number = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ? errno : 0;

	if (!number) {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
		posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
		number = posix_spawn(&worker->pid, own_program(), &actions, NULL, words, environ);
		posix_spawn_file_actions_destroy(&actions);
		close(ends[1]);
	}
	worker->socket = ends[0];
	if (!number)
		return 0;
	close(ends[0]);
	return report_failure(AGENT_FAILED, number, hint_for_start(number),
			      "cannot start a process for the next request: %s", strerror(number));
}

/* A worker that has died already gets nothing; its end will be reported. */
static void pass_line(const struct worker *worker, size_t length)
{
	size_t sent = 0;

	while (sent < length) {
		ssize_t put = send(worker->socket, input.bytes + sent, length - sent, MSG_NOSIGNAL);

		if (put < 0 && errno != EINTR)
			break;
		if (put > 0)
			sent += (size_t)put;
	}
	input.count -= length;
	memmove(input.bytes, input.bytes + length, input.count);
}

/* The bytes of the whole lines; a line that is longer than the protocol's is not waited for. */
static size_t whole_lines(void)
{
	const char *end = memrchr(output.bytes, '\n', output.count);

	if (end)
		return (size_t)(end - output.bytes) + 1;
	return output.count == sizeof(output.bytes) ? output.count : 0;
}

static void forward_lines(void)
{
	size_t whole = whole_lines();

	fwrite(output.bytes, 1, whole, stdout);
	output.count -= whole;
	memmove(output.bytes, output.bytes + whole, output.count);
}

/* False once the worker has ended. */
static bool read_output(const struct worker *worker)
{
	ssize_t got = read(worker->socket, output.bytes + output.count, sizeof(output.bytes) - output.count);

	if (got > 0)
		output.count += (size_t)got;
	if (output.count == sizeof(output.bytes))
		forward_lines();
	return got > 0 || (got < 0 && errno == EINTR);
}

/* Waits until the worker has ended, which it is told to once stdin closes. Returns its status as of waitpid(). */
static int await_end(const struct worker *worker)
{
	struct pollfd waits[] = { { .fd = worker->socket, .events = POLLIN },
				  { .fd = STDIN_FILENO, .events = POLLIN } };
	bool running = true;
	int status, ready;

	while (running) {
		if (input.closed) {
			shutdown(worker->socket, SHUT_WR);
			waits[1].fd = -1;
		}
		ready = poll(waits, 2, whole_lines() ? HOLD_BACK_MS : -1);
		if (ready == 0) {
			forward_lines();
			fflush(stdout);
		}
		if (ready > 0 && waits[0].revents)
			running = read_output(worker);
		if (ready > 0 && waits[1].revents)
			read_input();
	}
	close(worker->socket);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void write_exit_line(int status)
{
	char name[32];

	json_line("exit");
	if (WIFSIGNALED(status)) {
		snprintf(name, sizeof(name), "SIG%s", sigabbrev_np(WTERMSIG(status)) ?: "UNKNOWN");
		json_null("code");
		json_string("signal", name);
	} else {
		json_number("code", WEXITSTATUS(status));
		json_null("signal");
	}
	json_line_end();
}

/* Runs the next request to its end; false once there is none. */
static bool serve_one(int *code)
{
	struct worker worker;
	size_t length;
	int status;

	*code = start_worker(&worker);
	if (*code)
		return false;
	length = await_line();
	if (length)
		pass_line(&worker, length);
	status = await_end(&worker);
	if (!length)
		return false;
	forward_lines();
	/* A worker that was ended may have been in the middle of a line. */
	output.count = 0;
	write_exit_line(status);
	*code = fflush(stdout) ? EXIT_ERROR : input.closed ? STOPPED_EXIT_CODE : EXIT_DONE;
	return *code == EXIT_DONE;
}

int command_serve(int count, char **words)
{
	int code;

	(void)words;
	if (count)
		return report_failure(BAD_INPUT, 0, "", "serve takes no options");
	on_stop_signals(close_input);
	while (serve_one(&code))
		;
	if (input.overflowed)
		return report_failure(BAD_INPUT, 0, "A request is one line, written when the one before it has ended.",
				      "stdin is more than %d bytes ahead", REQUEST_MAX_BYTES);
	return code;
}
