/* SPDX-License-Identifier: MIT */
#ifndef AGENT_OWN_PROGRAM_H
#define AGENT_OWN_PROGRAM_H

/* The file this process runs, even where it was removed; without /proc, the path it was started by. */
const char *own_program(void);

#endif
