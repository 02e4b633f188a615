/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Results in the Test Anything Protocol, one line per check.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

/* "ok NAME", or "not ok NAME: WHY" with a printf-formatted reason. */
__attribute__((format(printf, 3, 4))) void report(bool ok, const char *name, const char *why, ...);

void pass(const char *name);

/* "# TEXT": a figure worth keeping. */
__attribute__((format(printf, 1, 2))) void note(const char *text, ...);

/* Ends the program: the machine, not the module, fails. */
__attribute__((format(printf, 1, 2), noreturn)) void bail_out(const char *text, ...);

/* Prints the plan line; the exit status of the program. */
int report_end(void);

#endif
