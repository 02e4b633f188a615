/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/span.h"
#include "protocol/json.h"

int span_log_create(struct span_log *log, size_t room)
{
	log->count = 0;
	log->room = room;
	log->spans = malloc(room * sizeof(*log->spans));
	if (!log->spans)
		return -1;
	/* Touched now, so that no page fault of the log falls into the timer. */
	memset(log->spans, 0, room * sizeof(*log->spans));
	return 0;
}

void span_log_free(struct span_log *log)
{
	free(log->spans);
}

void span_add(struct span_log *log, unsigned int lane, enum phase phase, int64_t start_ns, int64_t end_ns,
	      uint64_t bytes, int64_t gather)
{
	if (log->count == log->room)
		abort(); /* the room is computed from the options: a fault of the agent */
	log->spans[log->count++] = (struct span){
		.start_ns = start_ns - log->zero_ns,
		.end_ns = end_ns - log->zero_ns,
		.bytes = bytes,
		.gather = gather,
		.lane = lane,
		.phase = phase,
	};
}

static int by_end(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	return (a->end_ns > b->end_ns) - (a->end_ns < b->end_ns);
}

void span_serialise(struct span_log *log, unsigned int lane)
{
	int64_t free_ns = 0;

	qsort(log->spans, log->count, sizeof(*log->spans), by_end);
	for (size_t i = 0; i < log->count; i++) {
		struct span *span = &log->spans[i];

		if (span->lane != lane)
			continue;
		if (span->start_ns < free_ns)
			span->start_ns = free_ns;
		free_ns = span->end_ns;
	}
}

static const char *lane_name(unsigned int lane, char *room, size_t bytes)
{
	if (lane == LANE_CALLER)
		return "caller";
	if (lane == LANE_ALLOCATOR)
		return "allocator";
	snprintf(room, bytes, "reader-%u", lane - LANE_READER);
	return room;
}

void span_log_write(const struct span_log *log)
{
	static const char *const phases[] = { "open", "alloc", "map", "create", "read", "copy", "wait", "close" };
	char lane[32];

	for (size_t i = 0; i < log->count; i++) {
		const struct span *span = &log->spans[i];

		json_line("span");
		json_string("lane", lane_name(span->lane, lane, sizeof(lane)));
		json_string("phase", phases[span->phase]);
		json_number("startNs", span->start_ns);
		json_number("endNs", span->end_ns);
		json_number("bytes", (int64_t)span->bytes);
		json_number_or_null("gather", span->gather);
		json_line_end();
	}
}
