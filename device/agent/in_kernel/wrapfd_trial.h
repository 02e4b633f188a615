/* SPDX-License-Identifier: MIT */
#ifndef AGENT_WRAPFD_TRIAL_H
#define AGENT_WRAPFD_TRIAL_H

#include "file/trial_file.h"

/* Whether wrapfd loads into this heap's buffers, found by loading the file. Returns 0, or -1 and why not. */
int wrapfd_try(const char *heap, const struct trial_file *file, struct dmabuf_loader_error *error);

#endif
