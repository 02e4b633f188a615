/* SPDX-License-Identifier: MIT */
#ifndef AGENT_FUZZ_H
#define AGENT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, and the replay of kept inputs: 0 for an input that was dealt with; a fault ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
