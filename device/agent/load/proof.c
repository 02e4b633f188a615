/* SPDX-License-Identifier: MIT */
#include "load/proof.h"

/* More than this of the file in the page cache is a fact, less is the kernel's own readahead or metadata. */
#define RESIDENT_PERCENT 1

/* A device that delivered less than this of the file did not deliver the file. */
#define READ_PERCENT 99

/* A direct read asks for the file's blocks and no more. Beyond them are the metadata, and pages of this program. */
#define BESIDE_PERCENT 1
#define BESIDE_BYTES (1LL << 20)

static bool is_resident(const struct reading *reading, int64_t resident)
{
	return resident > 0 && resident * 100 > (int64_t)reading->bytes * RESIDENT_PERCENT;
}

int64_t reading_read_bytes(const struct reading *reading)
{
	int64_t process = counter_difference(reading->before.process_read_bytes, reading->after.process_read_bytes);
	int64_t device = counter_difference(reading->before.device_read_bytes, reading->after.device_read_bytes);

	return reading->in_kernel && device > process ? device : process;
}

static bool is_all(const struct reading *reading, int64_t read)
{
	return read >= (int64_t)(reading->bytes / 100 * READ_PERCENT + reading->bytes % 100 * READ_PERCENT / 100);
}

/* Only readahead reads what was not asked for, and it reads into the page cache: whoever evicts there cannot hide it. */
static bool is_too_much(const struct reading *reading, int64_t read)
{
	return read > (int64_t)(reading->bytes + reading->bytes / 100 * BESIDE_PERCENT) + BESIDE_BYTES;
}

static void judge_path(struct proof *proof, const struct reading *reading, int64_t read)
{
	int64_t growth = counter_difference(reading->before.resident_bytes, reading->after.resident_bytes);

	proof->fell_back = reading->no_direct || is_resident(reading, growth) ||
			   (!reading->in_kernel && is_too_much(reading, read));
	proof->direct = growth >= 0 && !proof->fell_back && is_all(reading, read) && !is_too_much(reading, read);
	if (!proof->direct && !proof->fell_back)
		proof->not_proved = true;
}

struct proof proof_of(const struct reading *reading)
{
	int64_t resident = reading->before.resident_bytes;
	int64_t read = reading_read_bytes(reading);
	struct proof proof = { .warm = is_resident(reading, resident) };

	proof.cold = !proof.warm && is_all(reading, read);
	if (!proof.cold && !proof.warm) {
		proof.not_all = resident >= 0 && read >= 0;
		proof.not_proved = !proof.not_all;
	}
	if (reading->direct)
		judge_path(&proof, reading, read);
	return proof;
}
