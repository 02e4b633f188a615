/* SPDX-License-Identifier: MIT */
#ifndef AGENT_SAMPLE_H
#define AGENT_SAMPLE_H

#include "in_kernel/importers.h"
#include "load/load.h"
#include "load/proof.h"
#include "system/folios.h"

/* What a finished load is judged by, beside its spans. */
struct sample {
	struct load *load;
	int result; /* of the load, then of its verification */
	int64_t total_ns;
	int64_t rehearsal_ns;	      /* of the same load before, without a timer; -1: there was none */
	int64_t pmd_mapped_bytes;     /* shared memory in huge pages of this process; negative: not told */
	int64_t physical_runs;	      /* of the buffer; -1: the kernel does not tell */
	struct folios folios;	      /* of the buffer, where huge pages were asked for */
	struct import_times imported; /* of the finished buffer */
	bool verified;
	struct reading reading;
};

/* Writes the spans, then the sample line. */
void sample_write(struct sample *sample);

#endif
