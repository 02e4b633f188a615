/* SPDX-License-Identifier: MIT */
#ifndef AGENT_TRUNCATED_COPY_H
#define AGENT_TRUNCATED_COPY_H

#include "file/input_file.h"
#include "loader/dmabuf_loader.h"

/* The refused series load whole files. A load of a file's first bytes needs a file that has only those. */
struct truncated_copy {
	char path[4200]; /* of the copy; empty: the file itself will do */
};

/*
 * Copies the first @bytes of the file that is open as @file beside it, unless it has no more, and opens the copy in
 * its place. Returns 0, or -1 with @error and @file as it was. Where the process is stopped, the copy goes with it.
 */
int truncated_copy_take(struct truncated_copy *copy, const char *directory, uint64_t bytes, struct input_file *file,
			struct dmabuf_loader_error *error);
void truncated_copy_remove(struct truncated_copy *copy);

#endif
