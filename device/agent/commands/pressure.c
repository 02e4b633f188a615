/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "commands/commands.h"
#include "file/content.h"
#include "loader/rounding.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/size_text.h"
#include "system/limits.h"

/* All of it is touched about once a second, little by little: some percent of a processor for each GiB. */
#define STEPS_PER_PASS 100
#define STEP_NS (10L * 1000 * 1000)

/* So often it says that it is still there. */
#define TELL_NS (100L * 1000 * 1000)

struct held {
	char *memory;
	uint64_t bytes;
	atomic_ullong passes;
};

static void rest(long ns)
{
	const struct timespec pause = { 0, ns };

	nanosleep(&pause, NULL);
}

/* Written, not read: a page that is only read again may be dropped where it was swapped out before. */
static void touch(char *memory, uint64_t from, uint64_t to)
{
	for (uint64_t at = from; at < to; at += page_bytes()) {
		volatile unsigned char *byte = (unsigned char *)memory + at;

		*byte = (unsigned char)(*byte + 1);
	}
}

/* On a thread of its own: memory that has to come back from swap must not delay the word that all is well. */
static void *touch_forever(void *argument)
{
	struct held *held = argument;
	uint64_t step = round_up(held->bytes / STEPS_PER_PASS + 1, page_bytes());

	for (;;) {
		for (uint64_t from = 0; from < held->bytes; from += step) {
			touch(held->memory, from, smaller(from + step, held->bytes));
			rest(STEP_NS);
		}
		atomic_fetch_add(&held->passes, 1);
	}
	return NULL;
}

static void tell_held(struct held *held)
{
	json_line("held");
	json_number("passes", (int64_t)atomic_load(&held->passes));
	json_line_end();
	fflush(stdout);
}

static int hold(struct held *held)
{
	pthread_t thread;
	int number = pthread_create(&thread, NULL, touch_forever, held);

	if (number)
		return report_failure(AGENT_FAILED, number, "Look at the limit on processes (ulimit -u).",
				      "cannot start the thread that touches the memory: %s", strerror(number));
	json_line("pressure");
	json_number("bytes", (int64_t)held->bytes);
	json_line_end();
	for (;;) {
		tell_held(held);
		rest(TELL_NS);
	}
}

int command_pressure(int count, char **words)
{
	struct argument arguments[] = { { "bytes", NULL } };
	static struct held held;
	int code;

	if (!arguments_parse(count, words, arguments, 1) ||
	    !argument_number(arguments, "bytes", 1, 1ULL << 53, &held.bytes))
		return EXIT_USAGE;
	code = limits_admit_memory(held.bytes);
	if (code)
		return code;
	held.memory = mmap(NULL, held.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (held.memory == MAP_FAILED)
		return report_failure(NO_MEMORY, errno, "Ask for less pressure.", "cannot allocate %s: %s",
				      size_text(held.bytes).text, strerror(errno));
	/* Incompressible, or a device that swaps to compressed memory would hardly feel it. */
	content_fill(held.memory, 0, 0, held.bytes);
	return hold(&held);
}
