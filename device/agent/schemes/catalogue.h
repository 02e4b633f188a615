/* SPDX-License-Identifier: MIT */
#ifndef AGENT_CATALOGUE_H
#define AGENT_CATALOGUE_H

struct scheme;

/* The scheme of the catalogue with this id, or NULL. */
const struct scheme *scheme_find(const char *id);

#endif
