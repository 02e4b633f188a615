/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "commands/measure_options.h"
#include "test/fuzz/fuzz.h"

/* The parser is the file's own. */
#include "commands/request.c"

/* A word lies in the line, with its end. */
static void check_word(const char *line, const char *word)
{
	if (word < line || word >= line + REQUEST_MAX_BYTES || !memchr(word, '\0', line + REQUEST_MAX_BYTES - word))
		abort();
}

static void check_options(int count, char **words)
{
	const struct scheme *scheme = NULL;
	struct measure_options options;

	if (!measure_options_parse(count, words, &scheme, &options))
		return;
	if (!scheme || !options.bytes || options.gather_bytes < 4096 || !options.readers || strchr(options.heap, '/'))
		abort();
}

#ifdef PLANTED_FAULT
/* Proves that the search gets this deep, and that an overflow is seen. */
static void planted(int count, char **words)
{
	char *small = malloc(8);

	if (count == 3 && strcmp(words[1], "--path") == 0)
		strcpy(small, words[2]);
	free(small);
}
#endif

/* A request line, and the options of the measurement that it asks for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	static char line[REQUEST_MAX_BYTES];
	char *words[MAX_WORDS];
	int count;

	/* Refusals are written; here only that they are is of interest. */
	if (!nowhere)
		nowhere = freopen("/dev/null", "a", stdout);
	if (size >= sizeof(line))
		size = sizeof(line) - 1;
	memcpy(line, data, size);
	line[size] = '\0';
	count = parse_words(line, words);
	if (count < -1 || count > MAX_WORDS)
		abort();
	for (int i = 0; i < count; i++)
		check_word(line, words[i]);
	if (count > 0)
		check_options(count - 1, words + 1);
#ifdef PLANTED_FAULT
	planted(count, words);
#endif
	return 0;
}
