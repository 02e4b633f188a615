/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/arguments.h"
#include "protocol/failure.h"

static const char usage_hint[] = "See docs/agent-protocol.md for the commands and their options.";

static struct argument *find(struct argument *arguments, size_t known, const char *word)
{
	if (strncmp(word, "--", 2) != 0)
		return NULL;
	for (size_t i = 0; i < known; i++)
		if (strcmp(arguments[i].name, word + 2) == 0)
			return &arguments[i];
	return NULL;
}

bool arguments_parse(int count, char **words, struct argument *arguments, size_t known)
{
	for (int i = 0; i < count; i += 2) {
		struct argument *argument = find(arguments, known, words[i]);

		if (!argument) {
			report_failure(BAD_INPUT, 0, usage_hint, "unknown option %s", words[i]);
			return false;
		}
		if (i + 1 == count) {
			report_failure(BAD_INPUT, 0, usage_hint, "option %s has no value", words[i]);
			return false;
		}
		argument->value = words[i + 1];
	}
	for (size_t i = 0; i < known; i++) {
		if (!arguments[i].value) {
			report_failure(BAD_INPUT, 0, usage_hint, "option --%s is missing", arguments[i].name);
			return false;
		}
	}
	return true;
}

const char *argument_text(const struct argument *arguments, const char *name)
{
	while (strcmp(arguments->name, name) != 0)
		arguments++;
	return arguments->value;
}

bool parse_number(const char *text, uint64_t *number)
{
	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	errno = 0;
	*number = strtoull(text, NULL, 10);
	return errno == 0;
}

bool argument_number(const struct argument *arguments, const char *name, uint64_t least, uint64_t most,
		     uint64_t *number)
{
	const char *text = argument_text(arguments, name);

	if (parse_number(text, number) && *number >= least && *number <= most)
		return true;
	report_failure(BAD_INPUT, 0, usage_hint, "--%s is \"%s\", not a whole number from %" PRIu64 " to %" PRIu64,
		       name, text, least, most);
	return false;
}

bool argument_heap(const struct argument *arguments, const char **heap)
{
	*heap = argument_text(arguments, "heap");
	if (**heap && strlen(*heap) < 64 && !strchr(*heap, '/') && **heap != '.')
		return true;
	report_failure(BAD_INPUT, 0, "Give a name below /dev/dma_heap, such as system.", "--heap is \"%s\"", *heap);
	return false;
}
