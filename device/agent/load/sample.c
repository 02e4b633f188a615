/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "load/proof.h"
#include "load/sample.h"
#include "loader/clock.h"
#include "loader/rounding.h"
#include "protocol/failure.h"
#include "protocol/json.h"

/* Exactly where root may look; else the kernel's own count, of the whole system, or what of this process is mapped. */
static int64_t huge_page_bytes(const struct sample *sample)
{
	int64_t growth =
		counter_difference(sample->reading.before.huge_page_bytes, sample->reading.after.huge_page_bytes);

	if (sample->folios.large_bytes >= 0)
		return sample->folios.large_bytes;
	return growth > sample->pmd_mapped_bytes ? growth : sample->pmd_mapped_bytes;
}

/* Asked for, room for one, and none came. */
static bool lacks_huge_pages(const struct sample *sample)
{
	const struct measure_options *options = sample->load->options;
	uint64_t wanted = options->folio_bytes ? options->folio_bytes : bytes_of_huge_page();

	return options->huge_pages && sample->load->memory.bytes >= wanted && huge_page_bytes(sample) <= 0;
}

static void write_marks(const struct sample *sample, const struct proof *proof)
{
	json_array("marks");
	if (proof->warm)
		json_string(NULL, "warm");
	if (proof->not_all)
		json_string(NULL, "not all from storage");
	if (proof->fell_back)
		json_string(NULL, "fell back to buffered");
	if (proof->not_proved)
		json_string(NULL, "path not proved");
	if (sample->reading.before.cooling_state > 0 || sample->reading.after.cooling_state > 0)
		json_string(NULL, "throttled");
	if (lacks_huge_pages(sample))
		json_string(NULL, "no huge pages");
	if (sample->load->through_module)
		json_string(NULL, in_kernel_way_mark(WAY_MODULE));
	if (sample->load->emulated)
		json_string(NULL, "emulated");
	if (sample->load->way != WAY_NONE)
		json_string(NULL, in_kernel_way_mark(sample->load->way));
	if (!sample->verified)
		json_string(NULL, "not verified");
	json_array_end();
}

static void write_figure(const char *name, int64_t value)
{
	if (value >= 0)
		json_number(name, value);
}

static int64_t larger_state(int64_t before, int64_t after)
{
	return before > after ? before : after;
}

static void write_import(const struct import_times *times)
{
	write_figure("importNs", times->ns);
	write_figure("importAttachNs", times->attach_ns);
	write_figure("importMapNs", times->map_ns);
	write_figure("importSyncNs", times->sync_ns);
	write_figure("importSegments", times->segments);
	write_figure("vgemImportNs", times->vgem_ns);
}

static void write_figures(const struct sample *sample)
{
	const struct counters *before = &sample->reading.before, *after = &sample->reading.after;

	json_object("figures");
	write_figure("cpuNs", counter_difference(before->cpu_ns, after->cpu_ns));
	write_figure("minorFaults", counter_difference(before->minor_faults, after->minor_faults));
	write_figure("deviceReadBytes", counter_difference(before->device_read_bytes, after->device_read_bytes));
	write_figure("processReadBytes", counter_difference(before->process_read_bytes, after->process_read_bytes));
	write_figure("residentBytesBefore", before->resident_bytes);
	write_figure("residentBytesAfter", after->resident_bytes);
	write_figure("coolingState", larger_state(before->cooling_state, after->cooling_state));
	if (sample->load->options->huge_pages)
		write_figure("hugePageBytes", huge_page_bytes(sample));
	if (sample->folios.count > 0)
		write_figure("folioBytes", (int64_t)sample->load->memory.bytes / sample->folios.count);
	if (sample->load->gathers && sample->load->scheme->fill != FILL_IOCTL)
		write_figure("populators", (int64_t)sample->load->options->populators);
	if (sample->load->memfds)
		write_figure("memfds", (int64_t)sample->load->memfds);
	write_figure("freeListBytes", before->free_list_bytes);
	write_figure("physicalRuns", sample->physical_runs);
	write_import(&sample->imported);
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
	struct proof proof = { 0 };

	if (ok)
		proof = proof_of(&sample->reading);
	if (ok)
		span_log_write(&load->log);
	json_line("sample");
	write_status(sample);
	json_number("bytes", (int64_t)load->options->bytes);
	write_times(sample);
	json_number_or_null("gatherBytes", load->scheme->overlap == OVERLAP_GATHER ? (int64_t)load->gather_bytes : -1);
	json_number_or_null("readers", readers_used(load));
	json_bool("cold", proof.cold);
	json_bool("direct", proof.direct);
	json_bool("verified", ok && sample->verified);
	if (ok) {
		write_marks(sample, &proof);
	} else {
		json_array("marks");
		json_array_end();
	}
	write_figures(sample);
	json_line_end();
}
