/* SPDX-License-Identifier: MIT */
#ifndef AGENT_ARGUMENTS_H
#define AGENT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The `--name value` options of a command. A bad one is reported at once; the parser then returns false. */
struct argument {
	const char *name;  /* without the dashes */
	const char *value; /* the default, NULL where the option must be given */
};

bool arguments_parse(int count, char **words, struct argument *arguments, size_t known);

/* The value of an option that arguments_parse() has admitted. */
const char *argument_text(const struct argument *arguments, const char *name);

/* A whole number from @least to @most; reports and returns false otherwise. */
bool argument_number(const struct argument *arguments, const char *name, uint64_t least, uint64_t most,
		     uint64_t *number);

/* A name below /dev/dma_heap; reports and returns false otherwise. */
bool argument_heap(const struct argument *arguments, const char **heap);

/* Decimal digits only, no sign. */
bool parse_number(const char *text, uint64_t *number);

#endif
