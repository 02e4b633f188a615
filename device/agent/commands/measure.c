/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/measure_options.h"
#include "file/input_file.h"
#include "file/page_cache.h"
#include "in_kernel/in_kernel_prepare.h"
#include "load/sample.h"
#include "load/verify.h"
#include "loader/clock.h"
#include "loader/dmabuf.h"
#include "loader/error.h"
#include "loader/gather.h"
#include "loader/rounding.h"
#include "module/dmabuf_lab_uapi.h"
#include "protocol/failure.h"
#include "protocol/size_text.h"
#include "schemes/in_kernel_schemes.h"
#include "system/folios.h"
#include "system/free_lists.h"
#include "system/host_memory.h"
#include "system/kernel_settings.h"
#include "system/limits.h"
#include "system/physical_runs.h"
#include "system/processors.h"
#include "system/procfs.h"

/* Spans of a load outside its gathers, and for each gather: alloc, wait, read. */
#define FIXED_SPANS 16
#define SPANS_PER_GATHER 3
#define MAX_GATHERS (1ULL << 18)

static int check_sizes(const struct measure_options *options, const struct input_file *file)
{
	if (options->bytes > file->bytes)
		return report_failure(BAD_FILE, 0, "Give a smaller size or a larger file.",
				      "%s has %s, %s were asked for", options->path, size_text(file->bytes).text,
				      size_text(options->bytes).text);
	return limits_admit_shared_memory(options->bytes);
}

static void *touched(uint64_t count, size_t size)
{
	void *records = malloc(count * size);

	return records ? memset(records, 0, count * size) : NULL;
}

static int cut_gathers(struct load *load, int fd)
{
	uint64_t align = larger(direct_align_of(fd).offset_bytes, 1);

	load->gather_bytes = gather_rounded(load->options->gather_bytes, align);
	load->gather_count = dmabuf_loader_gather_count(load->options->bytes, load->gather_bytes);
	if (load->gather_count <= MAX_GATHERS)
		return 0;
	return report_failure(BAD_INPUT, 0, "Give a larger gather.",
			      "a gather of %s makes %" PRIu64 " gathers, more than %llu",
			      size_text(load->gather_bytes).text, load->gather_count, MAX_GATHERS);
}

/* Everything the load writes its times into, allocated and touched before the timer starts. */
static int prepare_records(struct load *load, int fd)
{
	const struct scheme *scheme = load->scheme;
	bool module = load->way == WAY_MODULE;
	/* A patched heap tells nothing of its gathers. */
	bool gathers = scheme->overlap == OVERLAP_GATHER && (module || !in_kernel_is(scheme));

	/* The module records a load without gathers as one. */
	load->gather_count = module ? 1 : 0;
	if (scheme->overlap == OVERLAP_GATHER && cut_gathers(load, fd))
		return EXIT_USAGE;
	if (gathers)
		load->gathers = touched(load->gather_count, sizeof(*load->gathers));
	if (module)
		load->kernel_gathers = touched(load->gather_count, sizeof(*load->kernel_gathers));
	if ((gathers && !load->gathers) || (module && !load->kernel_gathers) ||
	    span_log_create(&load->log, load->gather_count * SPANS_PER_GATHER + FIXED_SPANS))
		return report_failure(NO_MEMORY, 0, "Free some memory and try again.", "no memory for the spans");
	return 0;
}

static void run_timed(struct load *load, struct sample *sample)
{
	load->log.zero_ns = now_ns();
	sample->result = load->scheme->run(load);
	sample->total_ns = now_ns() - load->log.zero_ns;
}

static int verify_part(const struct load *load, const struct loaded_part *part, int fd,
		       struct dmabuf_loader_error *error)
{
	const struct measure_options *options = load->options;

	return options->verify == VERIFY_SEED ? verify_seed(part, options->seed, error) : verify_file(part, fd, error);
}

/* A dma-buf is checked through its own mapping: that is what its users will see. */
static int verify_dmabuf(struct load *load, int dmabuf, struct loaded_part part, int fd)
{
	char *mapping = dmabuf_map(dmabuf, part.bytes, PROT_READ, &load->error);
	int result;

	if (!mapping)
		return -1;
	part.at = mapping;
	result = dmabuf_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ, &load->error);
	if (!result) {
		result = verify_part(load, &part, fd, &load->error);
		if (!result)
			result = dmabuf_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ, &load->error);
	}
	munmap(mapping, part.bytes);
	return result;
}

static int verify_segments(struct load *load, int fd)
{
	int result = 0;

	for (uint64_t i = 0; result == 0 && i < load->gather_count; i++) {
		struct loaded_part part = { .offset = i * load->gather_bytes };

		part.bytes = smaller(load->gather_bytes, load->options->bytes - part.offset);
		result = verify_dmabuf(load, load->segments[i], part, fd);
	}
	return result;
}

/* The time until a device may read what was loaded comes after the load. */
static void import_buffers(const struct load *load, struct sample *sample)
{
	struct import_times sum = { 0 };

	if (sample->result || (load->dmabuf < 0 && !load->segments))
		return;
	if (!load->segments) {
		sample->imported = import_times_of(load->dmabuf);
		return;
	}
	for (uint64_t i = 0; i < load->gather_count; i++) {
		struct import_times times = import_times_of(load->segments[i]);

		import_times_add(&sum, &times);
	}
	sample->imported = sum;
}

static void verify(struct load *load, struct sample *sample, int fd)
{
	struct loaded_part whole = { .at = load->memory.address, .bytes = load->options->bytes };

	if (sample->result || load->options->verify == VERIFY_NONE)
		return;
	if (load->segments)
		sample->result = verify_segments(load, fd);
	else if (load->dmabuf >= 0)
		sample->result = verify_dmabuf(load, load->dmabuf, whole, fd);
	else
		sample->result = verify_part(load, &whole, fd, &load->error);
	sample->verified = sample->result == 0;
}

/* The buffer has to live until it is verified, so closing is timed then and set right after the load. */
static void release(struct load *load, struct sample *sample)
{
	int64_t load_end = load->log.zero_ns + sample->total_ns;
	int64_t start = now_ns();

	load_release(load);
	span_add(&load->log, LANE_CALLER, PHASE_CLOSE, load_end, load_end + now_ns() - start, load->options->bytes,
		 NO_GATHER);
}

/*
 * What root can lend a load for its time. Where it cannot, the load itself says what is wrong; but for the clock, which
 * no load would miss.
 */
static int change_settings(struct load *load)
{
	in_kernel_cut_gathers(load);
	if (load->scheme->buffer == BUFFER_UDMABUF)
		kernel_settings_admit_udmabuf(round_up(load->options->bytes, page_bytes()));
	if (load->options->hugetlb_bytes)
		kernel_settings_reserve_hugetlb(load->options->bytes, load->options->hugetlb_bytes);
	else if (load->options->huge_pages)
		kernel_settings_admit_huge_pages(load->options->folio_bytes);
	return load->options->clock_khz ? processors_cap_clock(load->options->clock_khz, &load->error) : 0;
}

/*
 * The same load once without a timer, so that the timed one finds its memory in this machine and not with its host.
 * The host takes a page back about a second after it was freed, hence the order: a slow sync while all is still held.
 * Where the rehearsal fails, the timed load fails as well and says why.
 */
static int64_t rehearse(const struct load *load, int fd)
{
	struct load rehearsal = *load;
	int64_t start = now_ns();

	(void)load->scheme->run(&rehearsal);
	drop_caches(fd);
	load_release(&rehearsal);
	if (load->gathers)
		memset(load->gathers, 0, load->gather_count * sizeof(*load->gathers));
	if (load->kernel_gathers)
		memset(load->kernel_gathers, 0, load->gather_count * sizeof(*load->kernel_gathers));
	return now_ns() - start;
}

static void make_cold(const struct load *load, struct sample *sample, int fd)
{
	drop_caches(fd);
	if (host_takes_free_memory())
		sample->rehearsal_ns = rehearse(load, fd);
	settle_free_lists();
}

/* A dma-buf of a heap is mapped by some schemes only; a udmabuf's pages are those of its memory. */
static int64_t runs_of_buffer(const struct load *load)
{
	uint64_t bytes = load->options->bytes;

	if (load->memory.address)
		return physical_runs(load->memory.address, bytes);
	return load->mapping ? physical_runs(load->mapping, bytes) : -1;
}

/*
 * Huge pages that were asked for are looked for when the load has ended: somebody may have forbidden them meanwhile.
 * What was loaded into small pages then is another load.
 */
static void check_huge_pages(struct load *load, struct sample *sample)
{
	uint64_t folio = load->options->folio_bytes;

	if (sample->result || !load->options->huge_pages || load->options->hugetlb_bytes || !load->memory.address)
		return;
	if (kernel_settings_has_huge_pages(folio))
		return;
	if (folio)
		sample->result = load_refused(&load->error, ENOENT,
					      "pages of %s were asked for, and this kernel has no setting for them, or "
					      "forbids them",
					      size_text(folio).text);
	else
		sample->result = load_refused(&load->error, 0,
					      "huge pages were asked for, and shmem_enabled forbids them: root can set "
					      "it to advise");
}

static void measure(struct load *load, const struct input_file *file)
{
	uint64_t bytes = load->options->bytes;
	struct sample sample = {
		.load = load,
		.rehearsal_ns = -1,
		.folios = { -1, -1 },
		.imported = NOT_IMPORTED,
		.reading = { .bytes = bytes, .direct = load->scheme->direct, .no_direct = file->no_direct },
	};

	if (change_settings(load)) {
		kernel_settings_restore();
		sample.result = -1;
		sample_write(&sample);
		return;
	}
	if (load->options->cold)
		make_cold(load, &sample, file->fd);
	counters_take(&sample.reading.before, file->fd, bytes, file->device);
	run_timed(load, &sample);
	counters_take(&sample.reading.after, file->fd, bytes, file->device);
	sample.reading.in_kernel = load->scheme->fill == FILL_IOCTL || load->emulated;
	sample.pmd_mapped_bytes = procfs_field("/proc/self/smaps_rollup", "ShmemPmdMapped") * 1024;
	check_huge_pages(load, &sample);
	if (sample.result == 0 && load->gathers)
		load_add_gather_spans(load);
	sample.physical_runs = sample.result == 0 ? runs_of_buffer(load) : -1;
	if (sample.result == 0 && load->options->huge_pages && load->memory.address)
		sample.folios = folios_of(load->memory.address, load->memory.bytes);
	import_buffers(load, &sample);
	verify(load, &sample, file->fd);
	release(load, &sample);
	kernel_settings_restore();
	sample_write(&sample);
}

int command_measure(int count, char **words)
{
	struct measure_options options = { 0 };
	struct load load = {
		.command_start_ns = now_ns(),
		.options = &options,
		.source.fd = -1,
		.device = -1,
		.dmabuf = -1,
		.first_gather_ns = -1,
	};
	struct truncated_copy copy = { .path = "" };
	struct input_file file;
	int code;

	if (!measure_options_parse(count, words, &load.scheme, &options))
		return EXIT_USAGE;
	code = input_file_open(options.path, &file);
	if (code)
		return code;
	code = check_sizes(&options, &file);
	if (!code && in_kernel_is(load.scheme))
		in_kernel_prepare(&load, &options, &file, &copy);
	if (!code)
		code = prepare_records(&load, file.fd);
	if (!code)
		measure(&load, &file);
	free(load.gathers);
	free(load.kernel_gathers);
	span_log_free(&load.log);
	truncated_copy_remove(&copy);
	close(file.fd);
	return code;
}
