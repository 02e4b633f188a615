/* SPDX-License-Identifier: MIT */
#ifndef AGENT_FAILURE_H
#define AGENT_FAILURE_H

/* Kinds of the protocol's error line. */
#define BAD_INPUT "bad-input"
#define BAD_FILE "bad-file"
#define NO_SPACE "no-space"
#define NO_MEMORY "no-memory"
#define UNSUPPORTED "unsupported"
#define AGENT_FAILED "agent-failed"
#define BUSY "busy"

enum exit_code { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_ERROR = 3 };

/* Writes the error line; @number is an errno or 0. Returns the exit code that goes with the kind. */
int report_failure(const char *kind, int number, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The symbolic name of an errno ("ENOENT"), or NULL for 0. */
const char *errno_name(int number);

#endif
