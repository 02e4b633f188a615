/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SIZE_TEXT_H
#define AGENT_SIZE_TEXT_H

#include <stdint.h>

struct size_text {
	char text[48];
};

/* A size for people and for programs, as the lab writes it: "8MiB (8388608 bytes)", "22.4GiB (24039890944 bytes)". */
struct size_text size_text(uint64_t bytes);

#endif
