/* SPDX-License-Identifier: MIT */
#ifndef AGENT_PROCESSORS_H
#define AGENT_PROCESSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "loader/dmabuf_loader.h"

/* "0-3,6", as the kernel writes it. */
#define PROCESSOR_LIST_BYTES 512

/* Of processors that are clocked together (a policy of cpufreq), in kHz. */
struct clock_domain {
	char cap_path[80]; /* of the setting that caps the clock */
	char processors[PROCESSOR_LIST_BYTES];
	int64_t least_khz;
	int64_t most_khz;
	int64_t cap_khz;
};

#define MAX_CLOCK_DOMAINS 256

/* Returns how many domains there are, in the order of their processors; 0 without cpufreq. */
unsigned int clock_domains(struct clock_domain *domains, unsigned int room);

/* The processors that this process may run on. */
bool processors_usable(char *list);

/* Keeps this process, and every thread that it starts, to the processors of @list. Returns 0, or -1 with @error. */
int processors_bind(const char *list, struct dmabuf_loader_error *error);

/*
 * Caps the clock of every processor that this process may run on, until kernel_settings_restore(). Returns 0, or -1 with
 * @error where there is no such setting, it is not ours to write, or the clock does not go as low.
 */
int processors_cap_clock(uint64_t khz, struct dmabuf_loader_error *error);

#endif
