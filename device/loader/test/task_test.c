/* SPDX-License-Identifier: MIT */
/*
 * Drives tasks on plain shared memory, so that it runs on any Linux, with sanitizers; and on the memory that an argument
 * names ("udmabuf", "heap", "wrapfd", "module"). Run in an empty directory on a file system with O_DIRECT; reports in
 * TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define MIB (1ULL << 20)
#define FILE_BYTES (6 * MIB + 777)
#define FILES 3

/* What buffers are made of: the argument. */
static enum dmabuf_loader_memory memory = DMABUF_LOADER_MEMFD;

/* What the files hold. Made once: it is compared with dozens of times, under sanitizers and under emulation. */
static unsigned char contents[FILES][FILE_BYTES];

static void make_contents(void)
{
	for (unsigned int file = 0; file < FILES; file++)
		for (uint64_t i = 0; i < FILE_BYTES; i++)
			contents[file][i] = (unsigned char)(((i + file * 977u) * 2654435761u) >> 13);
}

static int make_file(const char *path, unsigned int file)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (write(fd, contents[file], FILE_BYTES) != FILE_BYTES || fsync(fd))
		exit(1);
	return fd;
}

static int descriptors(void)
{
	return entries_of("/proc/self/fd");
}

/* Of several memfds, or of one. */
static bool is_shared_memory(void)
{
	return memory == DMABUF_LOADER_MEMFD || memory == DMABUF_LOADER_UDMABUF;
}

static struct dmabuf_loader_options options_of(uint64_t gather_bytes)
{
	return (struct dmabuf_loader_options){ .gather_bytes = gather_bytes, .readers = 2, .memory = memory };
}

/* A step per page on the host, under sanitizers; under emulation a hundred, for each is a read of the slow disk there. */
static uint64_t small_gather(void)
{
	return memory == DMABUF_LOADER_MEMFD ? 4096 : 65536;
}

static struct dmabuf_loader_buffer room(uint64_t bytes)
{
	struct dmabuf_loader_buffer buffer = DMABUF_LOADER_NO_BUFFER;

	buffer.bytes = bytes;
	return buffer;
}

/* Starts and finishes; 0, or the errno. */
static int run_with(const struct dmabuf_loader_plan *plan, struct dmabuf_loader_options options)
{
	struct dmabuf_loader_error error = { 0 };
	struct dmabuf_loader_task *task = dmabuf_loader_start(plan, &options, &error);

	if (task && dmabuf_loader_finish(task, &error) == 0)
		return 0;
	printf("# %s\n", error.reason);
	return error.error ? error.error : EIO;
}

static int run_plan(const struct dmabuf_loader_plan *plan, uint64_t gather_bytes)
{
	return run_with(plan, options_of(gather_bytes));
}

/* Every byte of every buffer is the file's where a range covers it, and zero elsewhere. */
static bool holds(const struct dmabuf_loader_plan *plan, unsigned int file)
{
	for (size_t b = 0; b < plan->buffer_count; b++) {
		const struct dmabuf_loader_buffer *buffer = &plan->buffers[b];
		unsigned char *expected = calloc(1, buffer->mapped_bytes);
		bool same;

		for (size_t r = 0; r < plan->range_count; r++) {
			const struct dmabuf_loader_range *range = &plan->ranges[r];

			if (range->buffer == b)
				memcpy(expected + range->buffer_offset, contents[file] + range->file_offset,
				       range->bytes);
		}
		same = memcmp(expected, buffer->address, buffer->mapped_bytes) == 0;
		free(expected);
		if (!same)
			return false;
	}
	return true;
}

static void free_buffers(struct dmabuf_loader_plan *plan)
{
	for (size_t b = 0; b < plan->buffer_count; b++)
		dmabuf_loader_free(&plan->buffers[b]);
}

static void check_ranges(int fd)
{
	const struct dmabuf_loader_range whole[] = { { 0, FILE_BYTES, 0, 0 } };
	const struct dmabuf_loader_range odd[] = { { 777, 2 * MIB + 3, 0, 777 },
						   { 13, 4095, 1, 5000 },
						   { 3 * MIB, MIB, 1, 12288 },
						   { 5 * MIB + 1, MIB, 2, 0 },
						   { 99, 1, 1, 0 } };
	struct dmabuf_loader_buffer buffers[] = { room(FILE_BYTES), room(3 * MIB), room(MIB) };
	struct dmabuf_loader_plan plan = { fd, whole, 1, buffers, 1 };

	check(run_plan(&plan, MIB) == 0 && holds(&plan, 0), "a whole file into one buffer");
	free_buffers(&plan);
	buffers[0] = room(FILE_BYTES);
	plan = (struct dmabuf_loader_plan){ fd, odd, 5, buffers, 3 };
	check(run_plan(&plan, 65536) == 0 && holds(&plan, 0), "ranges that are aligned to nothing into three buffers");
	free_buffers(&plan);
}

static void check_many_ranges(int fd)
{
	struct dmabuf_loader_range *ranges = calloc(DMABUF_LOADER_MAX_RANGES + 1, sizeof(*ranges));
	struct dmabuf_loader_buffer buffer = room(FILE_BYTES);
	struct dmabuf_loader_plan plan = { fd, ranges, DMABUF_LOADER_MAX_RANGES, &buffer, 1 };
	struct dmabuf_loader_options options = options_of(0);

	/* Ten thousand reads of a disk under emulation take seconds: what can do without the disk does. */
	options.buffered = memory != DMABUF_LOADER_MEMFD && memory != DMABUF_LOADER_WRAPFD;
	for (size_t i = 0; i <= DMABUF_LOADER_MAX_RANGES; i++)
		ranges[i] = (struct dmabuf_loader_range){ i * 601, 301, 0, i * 611 };
	check(run_with(&plan, options) == 0 && holds(&plan, 0), "as many ranges as a task has");
	free_buffers(&plan);
	buffer = room(FILE_BYTES);
	plan.range_count++;
	check(run_plan(&plan, 0) == EINVAL, "one more is refused");
	free(ranges);
}

static void check_refused(int fd, struct dmabuf_loader_range second, int number, const char *what)
{
	struct dmabuf_loader_range ranges[] = { { 0, MIB, 0, 0 }, second };
	struct dmabuf_loader_buffer buffer = room(2 * MIB);
	struct dmabuf_loader_plan plan = { fd, ranges, 2, &buffer, 1 };
	int before = descriptors();

	check(run_plan(&plan, 0) == number && descriptors() == before && !buffer.address, what);
}

static void check_refusals(int fd)
{
	struct dmabuf_loader_range whole = { 0, MIB, 0, 0 };
	struct dmabuf_loader_buffer buffer = room(MIB);
	struct dmabuf_loader_plan plan = { -1, &whole, 1, &buffer, 1 };
	int ends[2];

	check_refused(fd, (struct dmabuf_loader_range){ 0, 0, 0, MIB }, EINVAL, "an empty range");
	check_refused(fd, (struct dmabuf_loader_range){ 0, 1, 0, MIB - 1 }, EINVAL, "ranges that overlap");
	check_refused(fd, (struct dmabuf_loader_range){ 0, 1, 1, 0 }, EINVAL, "a buffer that there is not");
	check_refused(fd, (struct dmabuf_loader_range){ 0, 2, 0, 2 * MIB - 1 }, EINVAL, "a range beyond its buffer");
	check_refused(fd, (struct dmabuf_loader_range){ 0, 1, 0, UINT64_MAX }, EINVAL, "an offset beyond all buffers");
	check_refused(fd, (struct dmabuf_loader_range){ FILE_BYTES, 1, 0, MIB }, ENODATA, "a range beyond the file");
	check_refused(fd, (struct dmabuf_loader_range){ 1, UINT64_MAX, 0, MIB }, ENODATA, "all bytes there are");
	check(run_plan(&plan, 0) == EBADF, "no descriptor");
	if (pipe2(ends, O_CLOEXEC))
		exit(1);
	plan.file_fd = ends[0];
	check(run_plan(&plan, 0) == EINVAL, "a pipe");
	close(ends[0]);
	close(ends[1]);
}

static void check_watermark(int fd)
{
	const struct dmabuf_loader_range ranges[] = { { MIB, 3 * MIB, 0, 0 }, { 0, MIB, 1, 0 } };
	struct dmabuf_loader_buffer buffers[] = { room(3 * MIB), room(MIB) };
	struct dmabuf_loader_plan plan = { fd, ranges, 2, buffers, 2 };
	struct dmabuf_loader_options options = options_of(65536);
	struct dmabuf_loader_error error = { 0 };
	struct dmabuf_loader_task *task = dmabuf_loader_start(&plan, &options, &error);
	struct pollfd event = { .events = POLLIN };
	uint64_t ready = 0, count;
	bool sound = task, falls = false;

	if (!task)
		exit(1);
	event.fd = dmabuf_loader_event_fd(task);
	while (ready < 4 * MIB) {
		uint64_t now;

		if (poll(&event, 1, 60000) != 1 || read(event.fd, &count, sizeof(count)) != sizeof(count))
			break;
		now = dmabuf_loader_ready_bytes(task);
		falls |= now < ready;
		/* What is said to be ready is there. */
		for (uint64_t i = ready; i < now; i += 4097) {
			const unsigned char *at = i < 3 * MIB ? (unsigned char *)buffers[0].address + i :
								(unsigned char *)buffers[1].address + i - 3 * MIB;

			sound &= *at == contents[0][i < 3 * MIB ? MIB + i : i - 3 * MIB];
		}
		ready = now;
	}
	check(sound && !falls && ready == 4 * MIB, "the watermark rises in order, and what is below it is there");
	check(dmabuf_loader_wait(task, 4 * MIB, 0) == 0, "waiting for what is ready returns at once");
	check(dmabuf_loader_wait(task, 4 * MIB + 1, -1) == -1, "waiting for what never comes ends with the load");
	check(dmabuf_loader_finish(task, &error) == 0 && holds(&plan, 0), "and all of it is there");
	free_buffers(&plan);
}

static void check_refill(int fd)
{
	const struct dmabuf_loader_range whole = { 0, FILE_BYTES, 0, 0 };
	const struct dmabuf_loader_range part = { 4096, MIB + 1, 0, 10 };
	struct dmabuf_loader_buffer buffer = room(FILE_BYTES), before;
	struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
	int other = make_file("other", 1);
	unsigned char *bytes;

	run_plan(&plan, MIB);
	before = buffer;
	plan.file_fd = other;
	check(run_plan(&plan, MIB) == 0 && holds(&plan, 1), "a buffer is filled again from another file");
	check(!memcmp(&before, &buffer, sizeof(buffer)), "and is the same buffer");
	plan.ranges = &part;
	plan.file_fd = fd;
	check(run_plan(&plan, 65536) == 0, "a part of it is filled again");
	bytes = buffer.address;
	check(!memcmp(bytes, contents[1], 10) && !memcmp(bytes + 10, contents[0] + 4096, part.bytes) &&
		      !memcmp(bytes + 10 + part.bytes, contents[1] + 10 + part.bytes, FILE_BYTES - 10 - part.bytes),
	      "and the rest stays as it was");
	close(other);
	free_buffers(&plan);
}

/* A layout that only memfds have. */
static void check_no_layout(int fd, const struct dmabuf_loader_options *options, const char *what)
{
	const struct dmabuf_loader_range whole = { 0, MIB, 0, 0 };
	struct dmabuf_loader_buffer buffer = room(MIB);
	struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
	struct dmabuf_loader_error error = { 0 };

	check(!dmabuf_loader_start(&plan, options, &error) && error.error == EINVAL && !buffer.address, what);
}

static void check_layouts_of_memfds(int fd)
{
	struct dmabuf_loader_options one = options_of(MIB), pool = options_of(MIB);

	one.one_memfd = true;
	pool.hugetlb_bytes = 2 * MIB;
	check_no_layout(fd, &one, "memory without a memfd cannot keep one");
	check_no_layout(fd, &pool, "nor is it out of a pool of hugetlb pages");
}

/* How the memory is laid out shows in the buffer, and in nothing else. */
static void check_layouts(int fd)
{
	const struct dmabuf_loader_range odd[] = { { 777, 2 * MIB + 3, 0, 777 }, { 3 * MIB, 3 * MIB, 1, 5 } };
	struct dmabuf_loader_options layouts[] = { options_of(65536), options_of(65536), options_of(MIB) };

	layouts[0].small_pages = true;
	layouts[0].populators = 3;
	layouts[1].one_memfd = true;
	layouts[1].populators = 2;
	layouts[2].hugetlb_bytes = 2 * MIB;
	for (int i = 0; i < 3; i++) {
		struct dmabuf_loader_buffer buffers[] = { room(3 * MIB), room(4 * MIB) };
		struct dmabuf_loader_plan plan = { fd, odd, 2, buffers, 2 };
		struct dmabuf_loader_error error = { 0 };
		int before = descriptors(), opened = i == 1 ? 2 : 0;
		struct dmabuf_loader_task *task = dmabuf_loader_start(&plan, &layouts[i], &error);

		if (!task) {
			printf("# %s\n", error.reason);
			check(i == 2 && error.refused && descriptors() == before,
			      "hugetlb pages that are not there are refused");
			continue;
		}
		opened += memory == DMABUF_LOADER_MEMFD ? 0 : 2;
		check(dmabuf_loader_finish(task, &error) == 0 && holds(&plan, 0), "ranges into memory of this layout");
		check(descriptors() == before + opened && (buffers[0].memfd >= 0) == (i == 1),
		      "only one memfd for all stays open");
		free_buffers(&plan);
		check(descriptors() == before, "and goes with its buffer");
	}
}

static void check_impossible_pages(int fd)
{
	const struct dmabuf_loader_range whole = { 0, MIB, 0, 0 };
	const uint64_t sizes[] = { 1, 3 * MIB, 4096 };

	for (int i = 0; i < 3; i++) {
		struct dmabuf_loader_buffer buffer = room(MIB);
		struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
		struct dmabuf_loader_options options = options_of(MIB);
		struct dmabuf_loader_error error = { 0 };

		options.hugetlb_bytes = sizes[i];
		check(!dmabuf_loader_start(&plan, &options, &error) && error.error == EINVAL && !buffer.address,
		      "a hugetlb page of an impossible size is refused");
	}
}

/* One task fills a buffer again, makes another, and reads into memory that the caller has mapped. */
static void check_mixed_refill(int fd)
{
	const struct dmabuf_loader_range ranges[] = { { 777, MIB, 0, 5 }, { 4096, MIB, 1, 0 }, { 8192, MIB, 2, 4096 } };
	struct dmabuf_loader_buffer buffers[] = { room(2 * MIB), room(MIB), room(2 * MIB) };
	struct dmabuf_loader_plan first = { fd, ranges, 1, buffers, 1 }, all = { fd, ranges, 3, buffers, 3 };
	void *mapped = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	buffers[2].address = mapped;
	buffers[2].mapped_bytes = 2 * MIB;
	check(run_plan(&first, 65536) == 0 && run_plan(&all, 65536) == 0 && holds(&all, 0),
	      "one task fills a buffer again, a caller's own mapping, and a new one");
	check(buffers[0].memory == memory && buffers[1].memory == memory && buffers[1].why[0] &&
		      buffers[2].memory == DMABUF_LOADER_AUTO,
	      "and tells of each that it made what it is");
	free_buffers(&all);
}

static int mapped_buffers(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	int count = 0;

	while (fgets(line, sizeof(line), maps))
		count += strstr(line, "memfd:dmabuf-loader") || strstr(line, "/dmabuf:");
	fclose(maps);
	return count;
}

/* The descriptor's number means another file as soon as the task has begun. */
static void check_replaced_descriptor(int fd)
{
	const struct dmabuf_loader_range whole = { 0, FILE_BYTES, 0, 0 };
	struct dmabuf_loader_buffer buffer = room(FILE_BYTES);
	int copy = dup(fd), other = make_file("another", 2);
	struct dmabuf_loader_plan plan = { copy, &whole, 1, &buffer, 1 };
	struct dmabuf_loader_options options = options_of(65536);
	struct dmabuf_loader_error error = { 0 };
	struct dmabuf_loader_task *task = dmabuf_loader_start(&plan, &options, &error);

	if (!task || dup2(other, copy) < 0)
		exit(1);
	check(dmabuf_loader_finish(task, &error) == 0 && holds(&plan, 0),
	      "a descriptor that is replaced meanwhile changes nothing");
	free_buffers(&plan);
	close(copy);
	close(other);
}

/* Beyond 2^31 bytes and MAX_RW_COUNT, of a file with holes: marks tell where each part went. */
static void check_large(void)
{
	const uint64_t bytes = (5ULL << 30) + 123;
	const uint64_t marks[] = { 0, (1ULL << 31) - 4096, (1ULL << 31) - 1, 1ULL << 31, 1ULL << 32, bytes - 1 };
	const struct dmabuf_loader_range whole = { 0, bytes, 0, 0 };
	struct dmabuf_loader_buffer buffer = room(bytes);
	int fd = open("large", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
	bool same = true;

	for (unsigned char i = 0; i < 6; i++) {
		unsigned char mark = i + 1;

		if (pwrite(fd, &mark, 1, (off_t)marks[i]) != 1)
			exit(1);
	}
	check(ftruncate(fd, (off_t)bytes) == 0 && run_plan(&plan, 4ULL << 30) == 0, "5 GiB, in gathers of 4");
	for (unsigned char i = 0; same && i < 6; i++)
		same = buffer.address && ((unsigned char *)buffer.address)[marks[i]] == i + 1;
	check(same, "and every part is in its place");
	free_buffers(&plan);
	close(fd);
	unlink("large");
}

struct canceller {
	struct dmabuf_loader_task *task;
	useconds_t after_us;
};

static void *cancel_later(void *argument)
{
	struct canceller *canceller = argument;

	usleep(canceller->after_us);
	dmabuf_loader_cancel(canceller->task);
	dmabuf_loader_cancel(canceller->task);
	return NULL;
}

static void check_cancel(int fd)
{
	const struct dmabuf_loader_range whole = { 0, FILE_BYTES, 0, 0 };
	struct dmabuf_loader_options options = options_of(small_gather());
	int before = descriptors(), threads = threads_of_process(), cancelled = 0, done = 0, other = 0;
	/* The moments are hit on the host, under its sanitizers; dma-bufs are made under emulation, slowly. */
	const int rounds = memory == DMABUF_LOADER_MEMFD ? 40 : 12;

	for (int round = 0; round < rounds; round++) {
		struct dmabuf_loader_buffer buffer = room(FILE_BYTES);
		struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
		struct dmabuf_loader_error error = { 0 };
		struct dmabuf_loader_task *task = dmabuf_loader_start(&plan, &options, &error);
		/* Each at a later stage. */
		struct canceller canceller = { task, (useconds_t)round * 100 };
		pthread_t thread;
		int waited;

		if (!task)
			exit(1);
		if (round % 2)
			pthread_create(&thread, NULL, cancel_later, &canceller);
		else
			dmabuf_loader_cancel(task);
		waited = dmabuf_loader_wait(task, FILE_BYTES, -1);
		if (round % 2)
			pthread_join(thread, NULL);
		if (dmabuf_loader_finish(task, &error) == 0) {
			done += waited == 0;
			free_buffers(&plan);
		} else {
			cancelled += error.error == ECANCELED && waited == -1 && !buffer.address;
			other += error.error != ECANCELED;
		}
	}
	printf("# %d cancelled, %d done before\n", cancelled, done);
	check(cancelled && !other && cancelled + done == rounds, "cancelling ends a load, at any moment");
	check(descriptors() == before && threads_end(threads) && !mapped_buffers(),
	      "and leaves no descriptor, no thread and no mapping");
}

static void check_shrinking_file(void)
{
	const struct dmabuf_loader_range whole = { 0, FILE_BYTES, 0, 0 };
	struct dmabuf_loader_buffer buffer = room(FILE_BYTES);
	int fd = make_file("shrinking", 0);
	struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
	struct dmabuf_loader_options options = options_of(65536);
	struct dmabuf_loader_error error = { 0 };
	struct dmabuf_loader_task *task = dmabuf_loader_start(&plan, &options, &error);
	int result;

	if (!task || ftruncate(fd, 5000))
		exit(1);
	close(fd);
	result = dmabuf_loader_finish(task, &error);
	check(result ? !buffer.address && error.reason[0] : holds(&plan, 0),
	      "a file that shrinks, and a descriptor that is closed meanwhile: an error, or all of it");
	if (!result)
		free_buffers(&plan);
}

static void *wait_for_all(void *task)
{
	dmabuf_loader_wait(task, UINT64_MAX, -1);
	return NULL;
}

/* The thread that waits is gone before what it waits for is there. */
static void check_waiting_thread_cancelled(int fd)
{
	const struct dmabuf_loader_range whole = { 0, FILE_BYTES, 0, 0 };
	int cancelled = 0, whole_loads = 0;

	for (int round = 0; round < 10; round++) {
		struct dmabuf_loader_buffer buffer = room(FILE_BYTES);
		struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
		struct dmabuf_loader_options options = options_of(small_gather());
		struct dmabuf_loader_error error = { 0 };
		struct dmabuf_loader_task *task = dmabuf_loader_start(&plan, &options, &error);
		pthread_t thread;
		void *left;

		if (!task || pthread_create(&thread, NULL, wait_for_all, task))
			exit(1);
		pthread_cancel(thread);
		pthread_join(thread, &left);
		cancelled += left == PTHREAD_CANCELED;
		/* Hangs where the thread took the task's lock with it. */
		whole_loads += dmabuf_loader_finish(task, &error) == 0 && holds(&plan, 0);
		free_buffers(&plan);
	}
	printf("# %d waits cancelled\n", cancelled);
	check(cancelled && whole_loads == 10, "a thread that is cancelled while it waits takes no lock with it");
}

/* Another process maps the buffer, reads on and on, and is killed while it is filled again. */
static void check_killed_consumer(int fd)
{
	const struct dmabuf_loader_range whole = { 0, FILE_BYTES, 0, 0 };
	struct dmabuf_loader_buffer buffer = room(FILE_BYTES);
	struct dmabuf_loader_plan plan = { fd, &whole, 1, &buffer, 1 };
	struct dmabuf_loader_options options = options_of(small_gather());
	struct dmabuf_loader_error error = { 0 };
	struct dmabuf_loader_task *task;
	int ends[2], before = descriptors(), status;
	char ready;
	pid_t consumer;

	if (run_plan(&plan, MIB) || pipe2(ends, O_CLOEXEC))
		exit(1);
	consumer = fork();
	if (consumer == 0) {
		volatile unsigned char *at = buffer.address;

		if (buffer.dmabuf_fd >= 0)
			at = mmap(NULL, buffer.mapped_bytes, PROT_READ, MAP_SHARED, buffer.dmabuf_fd, 0);
		if (at == MAP_FAILED || write(ends[1], "r", 1) != 1)
			_exit(1);
		for (uint64_t i = 0;; i += 4096)
			(void)at[i % FILE_BYTES];
	}
	if (consumer < 0 || read(ends[0], &ready, 1) != 1)
		exit(1);
	task = dmabuf_loader_start(&plan, &options, &error);
	if (!task)
		exit(1);
	kill(consumer, SIGKILL);
	check(dmabuf_loader_finish(task, &error) == 0 && holds(&plan, 0),
	      "a consumer that is killed while its buffer is filled harms nothing");
	waitpid(consumer, &status, 0);
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "and it was there to be killed");
	close(ends[0]);
	close(ends[1]);
	free_buffers(&plan);
	check(descriptors() == before, "nor keeps it a descriptor here");
}

int main(int count, char **words)
{
	int fd, before;

	make_contents();
	fd = make_file("file", 0);
	if (count > 1 && strcmp(words[1], "large") == 0)
		check_large();
	else if (count > 1)
		memory = memory_named(words[1]);
	before = descriptors();
	check_ranges(fd);
	check_many_ranges(fd);
	check_refusals(fd);
	check_watermark(fd);
	check_refill(fd);
	if (is_shared_memory())
		check_layouts(fd);
	else
		check_layouts_of_memfds(fd);
	check_impossible_pages(fd);
	check_replaced_descriptor(fd);
	check_cancel(fd);
	check_waiting_thread_cancelled(fd);
	check_killed_consumer(fd);
	check_mixed_refill(fd);
	check_shrinking_file();
	check(descriptors() == before, "no descriptor is left");
	return end_report();
}
