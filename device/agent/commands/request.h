/* SPDX-License-Identifier: MIT */
#ifndef AGENT_REQUEST_H
#define AGENT_REQUEST_H

/* The longest line, with its newline, by which `request` and `serve` are asked for a command. */
#define REQUEST_MAX_BYTES 65536

#endif
