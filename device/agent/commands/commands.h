/* SPDX-License-Identifier: MIT */
#ifndef AGENT_COMMANDS_H
#define AGENT_COMMANDS_H

/* Runs the command that the first word names, with the words after it; stdin is watched meanwhile. */
int run_command(int count, char **words);

/* The commands of docs/agent-protocol.md: the words after the command's name in, the exit code out. */
int command_version(int count, char **words);
int command_schemes(int count, char **words);
int command_probe(int count, char **words);
int command_prepare(int count, char **words);
int command_inspect(int count, char **words);
int command_measure(int count, char **words);
int command_ceiling(int count, char **words);
int command_pressure(int count, char **words);
int command_clean(int count, char **words);
int command_claim(int count, char **words);

/* The two that take commands from stdin instead of options. */
int command_request(int count, char **words);
int command_serve(int count, char **words);

#endif
