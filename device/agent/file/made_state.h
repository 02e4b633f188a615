/* SPDX-License-Identifier: MIT */
#ifndef AGENT_MADE_STATE_H
#define AGENT_MADE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* In which state a generated file is made, where its file system can. */
enum made_state {
	MADE_PLAIN,
	MADE_SPARSE,
	MADE_COMPRESSED,
	MADE_ENCRYPTED,
	MADE_VERITY,
	MADE_INLINE,
	MADE_FRAGMENTED,
	MADE_IMMUTABLE,
	MADE_STATES,
};

/* Data and holes of a sparse file take turns in pieces of this size. */
#define STATE_PIECE_BYTES (64ULL << 10)

bool made_state_parse(const char *word, enum made_state *state);

/* What the folder of such files needs before any is in it. Returns 0, or -1 with errno. */
int made_state_begin_folder(enum made_state state, const char *path);

/* What an empty file needs before its content. Returns 0, or -1 with errno. */
int made_state_begin(enum made_state state, int fd);

/* Turns generated content into what the state needs: holes, or something that can be compressed. */
void made_state_shape(enum made_state state, char *data, uint64_t offset, uint64_t bytes);

bool made_state_is_hole(enum made_state state, uint64_t offset);

/* Whether reserving blocks beforehand does not spoil the state. */
bool made_state_admits_reserving(enum made_state state);

/* What the whole file needs, which nobody has open for writing any more. Returns 0, or -1 with errno. */
int made_state_finish(enum made_state state, int fd);

/* Lifts what keeps a file from being replaced or removed. */
void made_state_release(int folder, const char *name);

/* Whether the file system has the file in that state; it says so even of files that others made. */
bool made_state_has(enum made_state state, int fd);

/* Reports that the state cannot be had in @folder, and what would help; @number is an errno or 0. Returns the exit code. */
int made_state_refused(enum made_state state, int number, const char *folder);

#endif
