/* SPDX-License-Identifier: MIT */
#ifndef LOADER_TASK_H
#define LOADER_TASK_H

#include "dmabuf_loader.h"

/*
 * dmabuf_loader_start() with @gathers of the options filled, where the plan is one range; and with @chosen for the reason why
 * the options name their memory, where that is not NULL.
 */
struct dmabuf_loader_task *task_start(const struct dmabuf_loader_plan *plan,
				      const struct dmabuf_loader_options *options,
				      const struct dmabuf_loader_choice *chosen, struct dmabuf_loader_error *error);

#endif
