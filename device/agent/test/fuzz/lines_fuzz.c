/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "protocol/json.h"
#include "test/fuzz/fuzz.h"

/* What the agent writes is read back by its own parser of requests. */
#include "commands/request.c"

#define WRITTEN_MAX_BYTES 65536

/* No command is run here, so that none need be linked. */
int run_command(int count, char **words)
{
	(void)count;
	(void)words;
	return EXIT_ERROR;
}

/* The line that holds @text as the one string of an array. */
static size_t write_line(const char *text, char *line)
{
	FILE *before = stdout;
	size_t length;

	stdout = fmemopen(line, WRITTEN_MAX_BYTES, "w");
	if (!stdout)
		abort();
	json_array(NULL);
	json_string(NULL, text);
	json_array_end();
	json_line_end();
	length = (size_t)ftell(stdout);
	fclose(stdout);
	stdout = before;
	return length;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Whatever bytes a path or an error of the system has, the line is one line of the protocol and says the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char line[WRITTEN_MAX_BYTES];
	char *words[MAX_WORDS];
	char *text = malloc(size + 1);
	size_t length;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	length = write_line(text, line);
#ifdef PLANTED_FAULT
	if (strncmp(text, "\\\"u", 3) == 0)
		line[1] = ' ';
#endif
	/* It ends as an object does: ]} and a newline. */
	if (length < 4 || length >= WRITTEN_MAX_BYTES || memchr(line, '\n', length) != line + length - 1)
		abort();
	line[length - 2] = '\0';
	if (parse_words(line, words) != 1)
		abort();
	if (is_plain(text) && strncmp(words[0], text, 8192) != 0)
		abort();
	free(text);
	return 0;
}
