/* SPDX-License-Identifier: MIT */
#ifndef AGENT_TRIAL_FILE_H
#define AGENT_TRIAL_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "loader/dmabuf_loader.h"

/* A small file of known content, to try on it what a kernel can do. Its size is no multiple of anything. */
struct trial_file {
	char path[4200];
	int fd;		/* for reading: the kernel's own reads refuse a file that is open for writing (ETXTBSY) */
	uint64_t bytes; /* one page and a bit */
};

/* Returns 0, or -1 with @error. Where the process is stopped, the file goes with it. */
int trial_file_create(struct trial_file *file, const char *directory, struct dmabuf_loader_error *error);
void trial_file_remove(struct trial_file *file);

/* Whether a dma-buf holds the file: its pages, and in them its content. Called between dmabuf_sync() start and end. */
bool trial_file_is_in(const struct trial_file *file, int dmabuf);

#endif
