/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/json.h"
#include "protocol/version.h"

/* Six bytes per escaped byte keep a path of PATH_MAX far inside the protocol's 64 KiB per line. */
#define STRING_MAX_BYTES 8192

static bool comma_due;

static void value_starts(const char *key)
{
	if (comma_due)
		putchar(',');
	comma_due = true;
	if (key)
		printf("\"%s\":", key);
}

/* The length of the UTF-8 sequence at @text, or 0 where there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *text)
{
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

	if (text[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and beyond U+10FFFF. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

static size_t put_character(const unsigned char *text)
{
	size_t length = utf8_length(text);

	if (length == 0) {
		fputs("\\ufffd", stdout);
		return 1;
	}
	if (*text == '"' || *text == '\\')
		printf("\\%c", *text);
	else if (*text < 0x20 || *text == 0x7f)
		printf("\\u%04x", *text);
	else
		fwrite(text, 1, length, stdout);
	return length;
}

static void put_string(const char *value)
{
	const unsigned char *text = (const unsigned char *)value;
	const unsigned char *end = text + STRING_MAX_BYTES;

	putchar('"');
	while (*text && text < end)
		text += put_character(text);
	putchar('"');
}

void json_line(const char *type)
{
	printf("{\"v\":%d", PROTOCOL_VERSION);
	comma_due = true;
	json_string("type", type);
}

void json_line_end(void)
{
	fputs("}\n", stdout);
	comma_due = false;
}

void json_string(const char *key, const char *value)
{
	value_starts(key);
	put_string(value);
}

void json_string_or_null(const char *key, const char *value)
{
	if (value)
		json_string(key, value);
	else
		json_null(key);
}

void json_number(const char *key, int64_t value)
{
	value_starts(key);
	printf("%" PRId64, value);
}

void json_number_or_null(const char *key, int64_t value)
{
	if (value < 0)
		json_null(key);
	else
		json_number(key, value);
}

void json_bool(const char *key, bool value)
{
	value_starts(key);
	fputs(value ? "true" : "false", stdout);
}

void json_null(const char *key)
{
	value_starts(key);
	fputs("null", stdout);
}

static void open_bracket(const char *key, char bracket)
{
	value_starts(key);
	putchar(bracket);
	comma_due = false;
}

static void close_bracket(char bracket)
{
	putchar(bracket);
	comma_due = true;
}

void json_object(const char *key)
{
	open_bracket(key, '{');
}

void json_object_end(void)
{
	close_bracket('}');
}

void json_array(const char *key)
{
	open_bracket(key, '[');
}

void json_array_end(void)
{
	close_bracket(']');
}
