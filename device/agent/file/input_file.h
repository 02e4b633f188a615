/* SPDX-License-Identifier: MIT */
#ifndef AGENT_INPUT_FILE_H
#define AGENT_INPUT_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct input_file {
	int fd;
	uint64_t bytes;
	uint64_t device; /* of block_device_of() */
	bool no_direct;	 /* the kernel says that it never reads this file directly, or not enough of it */
};

/*
 * Opens a regular, readable, non-empty file. Returns 0, or the exit code after reporting `bad-file`. Nothing else is
 * ever opened: not a FIFO that would block, not a device that would act.
 */
int input_file_open(const char *path, struct input_file *file);

#endif
