/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "load/sample.h"
#include "loader/clock.h"
#include "protocol/failure.h"
#include "protocol/json.h"

/* More than this of the file in the page cache is a fact, less is the kernel's own readahead or metadata. */
#define RESIDENT_PERCENT 1

/* A device that delivered less than this of the file did not deliver the file. */
#define DEVICE_PERCENT 99

static bool is_resident(const struct sample *sample, int64_t resident)
{
	return resident > 0 && resident * 100 > (int64_t)sample->load->options->bytes * RESIDENT_PERCENT;
}

/* This process's own reads from a device; what the kernel module's threads read is not among them. */
static int64_t process_read_bytes(const struct sample *sample)
{
	return counter_difference(sample->before.process_read_bytes, sample->after.process_read_bytes);
}

static int64_t device_percent_bytes(const struct sample *sample)
{
	return (int64_t)(sample->load->options->bytes * DEVICE_PERCENT / 100);
}

/* Where the kernel does not tell what is cached, all of it having been read from the device proves the same. */
static bool is_cold(const struct sample *sample)
{
	int64_t resident = sample->before.resident_bytes;

	if (resident < 0)
		return process_read_bytes(sample) >= device_percent_bytes(sample);
	return !is_resident(sample, resident);
}

static int64_t cache_growth(const struct sample *sample)
{
	return counter_difference(sample->before.resident_bytes, sample->after.resident_bytes);
}

static bool fell_back(const struct sample *sample)
{
	return is_resident(sample, cache_growth(sample));
}

/* What came from the device while the load ran; the larger count where both are known. */
static int64_t device_read_bytes(const struct sample *sample)
{
	int64_t device = counter_difference(sample->before.device_read_bytes, sample->after.device_read_bytes);
	int64_t process = process_read_bytes(sample);

	return device > process ? device : process;
}

/* Direct means: the page cache did not grow, and the bytes came from the device as far as that is counted. */
static bool is_direct(const struct sample *sample)
{
	int64_t read = device_read_bytes(sample);

	return sample->before.resident_bytes >= 0 && cache_growth(sample) >= 0 && !fell_back(sample) &&
	       (read < 0 || read >= device_percent_bytes(sample));
}

static void write_marks(const struct sample *sample)
{
	bool direct = sample->load->scheme->direct;

	json_array("marks");
	if (sample->result == 0) {
		if (!is_cold(sample))
			json_string(NULL, "warm");
		if (direct && fell_back(sample))
			json_string(NULL, "fell back to buffered");
		else if (direct && !is_direct(sample))
			json_string(NULL, "path not proved");
		if (sample->after.cooling_state > sample->before.cooling_state)
			json_string(NULL, "throttled");
		if (sample->load->emulated)
			json_string(NULL, "emulated");
		if (sample->load->way != WAY_NONE)
			json_string(NULL, in_kernel_way_mark(sample->load->way));
		if (!sample->verified)
			json_string(NULL, "not verified");
	}
	json_array_end();
}

static void write_figure(const char *name, int64_t value)
{
	if (value >= 0)
		json_number(name, value);
}

static void write_figures(const struct sample *sample)
{
	const struct counters *before = &sample->before, *after = &sample->after;

	json_object("figures");
	write_figure("cpuNs", counter_difference(before->cpu_ns, after->cpu_ns));
	write_figure("minorFaults", counter_difference(before->minor_faults, after->minor_faults));
	write_figure("deviceReadBytes", counter_difference(before->device_read_bytes, after->device_read_bytes));
	write_figure("processReadBytes", counter_difference(before->process_read_bytes, after->process_read_bytes));
	write_figure("residentBytesBefore", before->resident_bytes);
	write_figure("residentBytesAfter", after->resident_bytes);
	if (sample->load->options->huge_pages)
		write_figure("hugePageBytes", counter_difference(before->huge_page_bytes, after->huge_page_bytes));
	if (sample->load->gathers && sample->load->scheme->fill != FILL_IOCTL)
		write_figure("populators", (int64_t)sample->load->options->populators);
	write_figure("freeListBytes", before->free_list_bytes);
	write_figure("physicalRuns", sample->physical_runs);
	write_figure("rehearsalNs", sample->rehearsal_ns);
	write_figure("agentNs", now_ns() - sample->load->command_start_ns);
	json_object_end();
}

/* What the spans do not tell; the lab adds up the rest (findings/phaseTimes.ts). */
static void write_times(const struct sample *sample)
{
	bool ok = sample->result == 0;

	json_number_or_null("totalNs", ok ? sample->total_ns : -1);
	json_number_or_null("firstGatherNs", ok ? sample->load->first_gather_ns : -1);
}

static int64_t readers_used(const struct load *load)
{
	/* Both series have one thread that reads. */
	if (load->scheme->overlap == OVERLAP_GATHER)
		return in_kernel_is_patch(load->way) ? 1 : (int64_t)load->options->readers;
	return load->scheme->overlap == OVERLAP_ASYNC ? 1 : -1;
}

static void write_status(const struct sample *sample)
{
	const struct dmabuf_loader_error *error = &sample->load->error;
	const char *name = sample->result ? errno_name(error->error) : NULL;
	char reason[sizeof(error->reason) + 64] = "";

	if (sample->result)
		snprintf(reason, sizeof(reason), "%s%s%s", name ? name : "", name ? ": " : "", error->reason);
	json_string("status", sample->result == 0 ? "ok" : error->refused ? "unsupported" : "failed");
	json_string("reason", reason);
	json_string_or_null("errno", name);
}

void sample_write(struct sample *sample)
{
	struct load *load = sample->load;
	bool ok = sample->result == 0;

	if (ok)
		span_log_write(&load->log);
	json_line("sample");
	write_status(sample);
	json_number("bytes", (int64_t)load->options->bytes);
	write_times(sample);
	json_number_or_null("gatherBytes", load->scheme->overlap == OVERLAP_GATHER ? (int64_t)load->gather_bytes : -1);
	json_number_or_null("readers", readers_used(load));
	json_bool("cold", ok && is_cold(sample));
	json_bool("direct", ok && load->scheme->direct && is_direct(sample));
	json_bool("verified", ok && sample->verified);
	write_marks(sample);
	write_figures(sample);
	json_line_end();
}
