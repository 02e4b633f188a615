/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SCHEME_H
#define AGENT_SCHEME_H

struct scheme;

/* The scheme of the catalogue with this id, or NULL. */
const struct scheme *scheme_find(const char *id);

#endif
