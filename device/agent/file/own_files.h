/* SPDX-License-Identifier: MIT */
#ifndef AGENT_OWN_FILES_H
#define AGENT_OWN_FILES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Files that the agent makes for itself have names of one family, ".dmabuf-lab-PURPOSE-XXXXXX", that nobody can know
 * beforehand, and are locked (flock(2)) for as long as a process works on them. So what a killed process left is known
 * at once. adbd locks nothing: a file that it was pushing (".dmabuf-lab-push-") is known by its age.
 */

/* Makes one and locks it. Returns a descriptor for writing, or -1 with errno; its name is then in @path. */
int own_file_create(char *path, size_t room, const char *directory, const char *purpose);

/* Opens one for reading and closes its @writer; it is locked all the while. Returns the descriptor, or -1 with errno. */
int own_file_reopen(const char *path, int writer);

bool is_own_file(const char *name);

/* Whether nobody works on a file of that name in the directory. */
bool is_stale(int directory, const char *name);

/* Removes what killed processes left in a directory. */
void own_files_remove_stale(const char *directory);

#endif
