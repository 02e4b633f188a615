/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/request.h"
#include "protocol/failure.h"

#define MAX_WORDS 64

/* Where the parser is in a line that ends with a NUL. Strings are decoded in place: they only become shorter. */
struct cursor {
	const char *next;
	char *put;
};

/* One line, its newline cut off; false where stdin closed first. One that is too long is cut short, and so no array. */
static bool read_line(char *line, size_t room)
{
	size_t length = 0;

	while (length < room - 1) {
		ssize_t got = read(STDIN_FILENO, line + length, room - 1 - length);
		char *end;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		end = memchr(line + length, '\n', (size_t)got);
		length += (size_t)got;
		if (!end)
			continue;
		*end = '\0';
		/* A NUL would hide what follows it. */
		if (strlen(line) != (size_t)(end - line))
			*line = '\0';
		return true;
	}
	line[length] = '\0';
	return true;
}

static void skip_space(struct cursor *cursor)
{
	cursor->next += strspn(cursor->next, " \t\r");
}

static bool take(struct cursor *cursor, char wanted)
{
	skip_space(cursor);
	if (*cursor->next != wanted)
		return false;
	cursor->next++;
	return true;
}

/* The four hexadecimal digits of \uXXXX, or -1. */
static int32_t take_unit(struct cursor *cursor)
{
	static const char digits[] = "0123456789abcdef";
	int32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		char lower = (char)(*cursor->next | 0x20);
		const char *digit = *cursor->next ? strchr(digits, lower) : NULL;

		if (!digit)
			return -1;
		unit = unit * 16 + (int32_t)(digit - digits);
		cursor->next++;
	}
	return unit;
}

/* The character of \uXXXX, or of the surrogate pair that starts there; -1 for a NUL and for half a pair. */
static int32_t take_character(struct cursor *cursor)
{
	int32_t high = take_unit(cursor), low;

	if (high <= 0 || (high & 0xfc00) == 0xdc00)
		return -1;
	if ((high & 0xfc00) != 0xd800)
		return high;
	if (cursor->next[0] != '\\' || cursor->next[1] != 'u')
		return -1;
	cursor->next += 2;
	low = take_unit(cursor);
	if (low < 0 || (low & 0xfc00) != 0xdc00)
		return -1;
	return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
}

static void put_utf8(struct cursor *cursor, int32_t character)
{
	static const unsigned char marks[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };
	int length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (int i = length - 1; i > 0; i--) {
		cursor->put[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	cursor->put[0] = (char)(marks[length] | character);
	cursor->put += length;
}

/* One character, or the escape of one. */
static bool take_one(struct cursor *cursor)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	int32_t character;

	if ((unsigned char)*cursor->next < 0x20)
		return false;
	if (*cursor->next != '\\') {
		*cursor->put++ = *cursor->next++;
		return true;
	}
	cursor->next++;
	name = *cursor->next ? strchr(names, *cursor->next) : NULL;
	if (name) {
		*cursor->put++ = meant[name - names];
		cursor->next++;
		return true;
	}
	if (*cursor->next++ != 'u')
		return false;
	character = take_character(cursor);
	if (character < 0)
		return false;
	put_utf8(cursor, character);
	return true;
}

/* A string as the file system would have it, whatever bytes beyond ASCII it holds; NULL where there is none. */
static char *take_string(struct cursor *cursor)
{
	char *start;

	if (!take(cursor, '"'))
		return NULL;
	start = cursor->put;
	while (*cursor->next != '"')
		if (!take_one(cursor))
			return NULL;
	cursor->next++;
	*cursor->put++ = '\0';
	return start;
}

/* How many words the array has, or -1 where the line is no array of strings. */
static int parse_words(char *line, char **words)
{
	struct cursor cursor = { .next = line, .put = line };
	int count = 0;

	if (!take(&cursor, '['))
		return -1;
	do {
		if (count == MAX_WORDS)
			return -1;
		words[count] = take_string(&cursor);
		if (!words[count])
			return -1;
		count++;
	} while (take(&cursor, ','));
	if (!take(&cursor, ']'))
		return -1;
	skip_space(&cursor);
	return *cursor.next ? -1 : count;
}

int command_request(int count, char **words)
{
	static char line[REQUEST_MAX_BYTES];
	char *asked[MAX_WORDS];

	(void)words;
	if (count)
		return report_failure(BAD_INPUT, 0, "", "request takes no options");
	if (!read_line(line, sizeof(line)))
		return EXIT_DONE;
	count = parse_words(line, asked);
	if (count > 0)
		return run_command(count, asked);
	return report_failure(
		BAD_INPUT, 0,
		"Write one line of at most 65536 bytes, such as [\"probe\",\"--dir\",\"/data/local/tmp\"].",
		"a request is not a JSON array of a command's words");
}
