/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/error.h"
#include "system/kernel_settings.h"
#include "system/processors.h"
#include "system/sysfs.h"

#define CPUFREQ "/sys/devices/system/cpu/cpufreq"

/* A number, and what follows it; -1: none that a set has room for. */
static int processor_at(const char **text)
{
	char *end;
	unsigned long number = **text >= '0' && **text <= '9' ? strtoul(*text, &end, 10) : CPU_SETSIZE;

	if (number >= CPU_SETSIZE)
		return -1;
	*text = end;
	return (int)number;
}

/* Ranges and numbers, separated by commas, or as cpufreq writes them, by blanks. */
static bool parse_list(const char *text, cpu_set_t *set)
{
	CPU_ZERO(set);
	for (;;) {
		int first = processor_at(&text), last = first;

		if (first >= 0 && *text == '-') {
			text++;
			last = processor_at(&text);
		}
		if (first < 0 || last < first)
			return false;
		for (int at = first; at <= last; at++)
			CPU_SET(at, set);
		if (!*text)
			return true;
		if (*text != ',' && *text != ' ')
			return false;
		text++;
	}
}

static int end_of_range(const cpu_set_t *set, int first)
{
	int last = first;

	while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
		last++;
	return last;
}

static void write_list(const cpu_set_t *set, char *list)
{
	size_t used = 0;

	list[0] = '\0';
	for (int at = 0; at < CPU_SETSIZE && used < PROCESSOR_LIST_BYTES - 16; at++) {
		int last;

		if (!CPU_ISSET(at, set))
			continue;
		last = end_of_range(set, at);
		used += (size_t)snprintf(list + used, PROCESSOR_LIST_BYTES - used, "%s%d", used ? "," : "", at);
		if (last > at)
			used += (size_t)snprintf(list + used, PROCESSOR_LIST_BYTES - used, "-%d", last);
		at = last;
	}
}

bool processors_usable(char *list)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return false;
	write_list(&set, list);
	return true;
}

int processors_bind(const char *list, struct dmabuf_loader_error *error)
{
	char usable[PROCESSOR_LIST_BYTES] = "";
	cpu_set_t asked, given, both;

	if (!parse_list(list, &asked))
		return load_failed(error, EINVAL, "\"%s\" is no list of processors", list);
	(void)processors_usable(usable);
	if (sched_setaffinity(0, sizeof(asked), &asked))
		return load_refused(error, errno, "this process may not run on processors %s: there are %s", list,
				    usable);
	/* The kernel leaves out in silence what is offline or not of the cpuset. */
	if (sched_getaffinity(0, sizeof(given), &given))
		return load_failed(error, errno, "cannot see which processors this process runs on");
	CPU_AND(&both, &asked, &given);
	if (CPU_EQUAL(&both, &asked))
		return 0;
	return load_refused(error, EINVAL, "this process may not run on all of processors %s: there are %s", list,
			    usable);
}

static bool read_domain(unsigned int policy, struct clock_domain *domain)
{
	char processors[PROCESSOR_LIST_BYTES];
	cpu_set_t set;

	snprintf(domain->cap_path, sizeof(domain->cap_path), CPUFREQ "/policy%u/scaling_max_freq", policy);
	domain->least_khz = sysfs_number(CPUFREQ "/policy%u/cpuinfo_min_freq", policy);
	domain->most_khz = sysfs_number(CPUFREQ "/policy%u/cpuinfo_max_freq", policy);
	domain->cap_khz = sysfs_number("%s", domain->cap_path);
	if (domain->cap_khz < 0 || domain->least_khz < 0 || domain->most_khz < 0 ||
	    !sysfs_line(processors, sizeof(processors), CPUFREQ "/policy%u/affected_cpus", policy) ||
	    !parse_list(processors, &set))
		return false;
	write_list(&set, domain->processors);
	return true;
}

/* A policy has the number of its first processor. */
unsigned int clock_domains(struct clock_domain *domains, unsigned int room)
{
	unsigned int count = 0;

	for (unsigned int policy = 0; policy < CPU_SETSIZE && count < room; policy++)
		count += read_domain(policy, &domains[count]);
	return count;
}

static bool concerns(const struct clock_domain *domain, const cpu_set_t *bound)
{
	cpu_set_t set, both;

	if (!parse_list(domain->processors, &set))
		return false;
	CPU_AND(&both, &set, bound);
	return CPU_COUNT(&both) > 0;
}

static int cap(const struct clock_domain *domain, uint64_t khz, struct dmabuf_loader_error *error)
{
	if ((int64_t)khz < domain->least_khz)
		return load_refused(error, EINVAL,
				    "the clock of processors %s goes down to %" PRId64 " kHz, not to %" PRIu64,
				    domain->processors, domain->least_khz, khz);
	if (domain->cap_khz <= (int64_t)khz)
		return 0;
	if (kernel_settings_cap_clock(domain->cap_path, domain->cap_khz, khz))
		return load_refused(error, errno, "cannot cap the clock of processors %s", domain->processors);
	/* A driver may round up to what it can do. */
	if (sysfs_number("%s", domain->cap_path) > (int64_t)khz)
		return load_refused(error, EINVAL, "the clock of processors %s cannot be capped at %" PRIu64 " kHz",
				    domain->processors, khz);
	return 0;
}

int processors_cap_clock(uint64_t khz, struct dmabuf_loader_error *error)
{
	static struct clock_domain domains[MAX_CLOCK_DOMAINS];
	unsigned int count = clock_domains(domains, MAX_CLOCK_DOMAINS);
	cpu_set_t bound;

	if (!count)
		return load_refused(error, ENOENT, "this kernel has no cpufreq to cap the clock with");
	if (sched_getaffinity(0, sizeof(bound), &bound))
		return load_failed(error, errno, "cannot see which processors this process runs on");
	for (unsigned int i = 0; i < count; i++)
		if (concerns(&domains[i], &bound) && cap(&domains[i], khz, error))
			return -1;
	return 0;
}
