/* SPDX-License-Identifier: MIT */
#ifndef LOADER_TASK_H
#define LOADER_TASK_H

#include "choice.h"
#include "dmabuf_loader.h"

/*
 * dmabuf_loader_start() with @gathers of the options filled, where the plan is one range. Where the memory has been chosen,
 * @chosen tells, and the task takes over the devices that are @opened for it; else both are NULL.
 */
struct dmabuf_loader_task *task_start(const struct dmabuf_loader_plan *plan,
				      const struct dmabuf_loader_options *options,
				      const struct dmabuf_loader_choice *chosen, struct devices *opened,
				      struct dmabuf_loader_error *error);

#endif
