/* SPDX-License-Identifier: MIT */
#ifndef AGENT_WHOLE_FILE_H
#define AGENT_WHOLE_FILE_H

#include "../loader/dmabuf_loader.h"
#include "input_file.h"

/* The refused series load whole files. A load of a file's first bytes needs a file that has only those. */
struct whole_file {
	char path[4200];	/* of the copy; empty: the file itself will do */
};

/*
 * Copies the first @bytes of the file that is open as @file beside it, unless it has no more, and opens the copy in
 * its place. Returns 0, or -1 with @error and @file as it was. Where the process is stopped, the copy goes with it.
 */
int whole_file_take(struct whole_file *copy, const char *directory, uint64_t bytes, struct input_file *file,
		    struct dmabuf_loader_error *error);
void whole_file_remove(struct whole_file *copy);

#endif
