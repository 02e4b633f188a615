/* SPDX-License-Identifier: MIT */
#ifndef AGENT_WATCH_STDIN_H
#define AGENT_WATCH_STDIN_H

#define STOPPED_EXIT_CODE 130

/*
 * Ends the process as soon as stdin closes, whatever the other threads do: the lab cancels a sample by closing the
 * pipe, and adb closes it when the cable is pulled. SIGINT, SIGTERM and SIGHUP do the same.
 */
int watch_stdin(void);

/* What SIGINT, SIGTERM and SIGHUP do instead of ending the process at once. */
void on_stop_signals(void (*handler)(int signal_number));

/* A half-written file to remove when the process is stopped; NULL: none. @path must stay valid. */
void remove_when_stopped(const char *path);

#endif
