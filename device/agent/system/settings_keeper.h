/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SETTINGS_KEEPER_H
#define AGENT_SETTINGS_KEEPER_H

#define SETTINGS_KEEPER_COMMAND "restore-settings"

/*
 * A process of its own that puts settings of the kernel back when this one is killed and cannot. It is started with the
 * first setting, told of each, and ends with this process. Where it cannot be started, nobody does.
 */
void settings_keeper_note(const char *path, const char *original);

/* All are back where they were. Async-signal-safe. */
void settings_keeper_forget(void);

/* What that process does. Returns the exit code. */
int command_restore_settings(void);

#endif
