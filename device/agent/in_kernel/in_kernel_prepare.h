/* SPDX-License-Identifier: MIT */
#ifndef AGENT_IN_KERNEL_PREPARE_H
#define AGENT_IN_KERNEL_PREPARE_H

#include "file/truncated_copy.h"
#include "load/load.h"

/*
 * Chooses, before the timer starts, in which way this kernel does an in-kernel load, and gives a patched heap a file
 * of exactly the load's size: @options and @file then name @copy. Where nothing can do it the load gets its error, and
 * running it ends at once.
 */
void in_kernel_prepare(struct load *load, struct measure_options *options, struct input_file *file,
		       struct truncated_copy *copy);

/* The gathers as a patched heap will cut them. Changes a kernel setting, to be restored after the load. */
void in_kernel_cut_gathers(struct load *load);

#endif
