/* SPDX-License-Identifier: MIT */
#ifndef AGENT_JSON_H
#define AGENT_JSON_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Writes protocol lines to stdout, one value after the other; @key is NULL inside an array. Strings may hold any
 * bytes: what is not UTF-8 becomes U+FFFD, and a string is cut where the line would become too long.
 */
void json_line(const char *type);
void json_line_end(void);

void json_string(const char *key, const char *value);
void json_string_or_null(const char *key, const char *value);
void json_number(const char *key, int64_t value);
/* A negative value means "not known" and is written as null. */
void json_number_or_null(const char *key, int64_t value);
void json_bool(const char *key, bool value);
void json_null(const char *key);
void json_object(const char *key);
void json_object_end(void);
void json_array(const char *key);
void json_array_end(void);

#endif
