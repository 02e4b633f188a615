/* SPDX-License-Identifier: MIT */
/*
 * What memory the loader chooses, and what it says where there is none: with whatever devices this machine has, and
 * without the right to them. Run in an empty directory on a file system with O_DIRECT; reports in TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define FILE_BYTES (1ULL << 20)
#define NOBODY 65534

/* The kinds that need a device, in the order in which they are looked for. */
static const struct kind {
	enum dmabuf_loader_memory memory;
	const char *device;
} kinds[] = {
	{ DMABUF_LOADER_UDMABUF, "/dev/udmabuf" },
	{ DMABUF_LOADER_MODULE, "/dev/dmabuf_lab" },
	{ DMABUF_LOADER_WRAPFD, "/dev/dmabuf_lab_wrapfd" },
	{ DMABUF_LOADER_HEAP, "/dev/dma_heap/system" },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool is_there(size_t kind)
{
	return access(kinds[kind].device, F_OK) == 0;
}

static int descriptors(void)
{
	return entries_of("/proc/self/fd");
}

static void make_file(void)
{
	int fd = open("file", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	for (uint64_t at = 0; at < FILE_BYTES; at += sizeof(at))
		if (write(fd, &at, sizeof(at)) != sizeof(at))
			exit(1);
	if (fchmod(fd, 0644) || fsync(fd) || close(fd))
		exit(1);
}

/* What a load came to. */
struct outcome {
	int result;
	struct dmabuf_loader_buffer buffer;
	struct dmabuf_loader_choice choice;
	struct dmabuf_loader_error error;
};

static struct outcome load(struct dmabuf_loader_options options)
{
	struct outcome outcome = { .buffer = DMABUF_LOADER_NO_BUFFER, .error = { 0 } };

	options.choice = &outcome.choice;
	outcome.result = dmabuf_loader_load("file", &options, &outcome.buffer, &outcome.error);
	printf("# %s\n", outcome.result ? outcome.error.reason : outcome.buffer.why);
	return outcome;
}

static bool is_right(const struct dmabuf_loader_buffer *buffer)
{
	const uint64_t *words = buffer->address;

	for (uint64_t at = 0; at < FILE_BYTES / sizeof(*words); at++)
		if (words[at] != at * sizeof(*words))
			return false;
	return true;
}

static void check_names(void)
{
	check(!strcmp(dmabuf_loader_memory_name(DMABUF_LOADER_HEAP), "heap") &&
		      !dmabuf_loader_memory_name((enum dmabuf_loader_memory)99),
	      "every kind of memory has a name, and nothing else has");
}

/* Each of them loads, or is refused with the errno of its device; it is never replaced. */
static void check_asked(size_t kind)
{
	struct outcome outcome = load((struct dmabuf_loader_options){ .memory = kinds[kind].memory });
	bool told = outcome.choice.attempt_count == 1 && outcome.choice.attempts[0].memory == kinds[kind].memory &&
		    outcome.choice.attempts[0].error == (outcome.result ? outcome.error.error : 0);
	char what[128];

	snprintf(what, sizeof(what), "%s is used where it is there, and refused where not",
		 dmabuf_loader_memory_name(kinds[kind].memory));
	if (is_there(kind))
		check(told && !outcome.result && outcome.buffer.memory == kinds[kind].memory &&
			      outcome.choice.memory == kinds[kind].memory && outcome.buffer.dmabuf_fd >= 0 &&
			      strstr(outcome.buffer.why, "asked for") && is_right(&outcome.buffer),
		      what);
	else
		check(told && outcome.result && outcome.error.error == ENOENT && outcome.error.refused &&
			      outcome.choice.memory == DMABUF_LOADER_AUTO && outcome.buffer.dmabuf_fd < 0,
		      what);
	dmabuf_loader_free(&outcome.buffer);
}

static void check_memfd(void)
{
	struct outcome outcome = load((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_MEMFD });

	check(!outcome.result && outcome.buffer.dmabuf_fd == -1 && outcome.buffer.memory == DMABUF_LOADER_MEMFD &&
		      is_right(&outcome.buffer),
	      "a file is loaded into plain shared memory where that is asked for");
	dmabuf_loader_free(&outcome.buffer);
}

/* The first that is there, after the attempts before it; or the errno of each. */
static void check_automatic(void)
{
	struct outcome outcome = load((struct dmabuf_loader_options){ 0 });
	size_t first = 0;
	bool told;

	while (first < KINDS && !is_there(first))
		first++;
	told = outcome.choice.attempt_count == (first < KINDS ? first + 1 : KINDS);
	for (size_t i = 0; i < outcome.choice.attempt_count; i++)
		told &= outcome.choice.attempts[i].memory == kinds[i].memory &&
			outcome.choice.attempts[i].error == (i < first ? ENOENT : 0) &&
			outcome.choice.attempts[i].reason[0];
	check(told, "every attempt is told with its errno");
	if (first < KINDS)
		check(!outcome.result && outcome.buffer.memory == kinds[first].memory && is_right(&outcome.buffer),
		      "unasked, the fastest that is there is used");
	else
		check(outcome.result && outcome.error.error == ENOENT && outcome.error.refused &&
			      strstr(outcome.error.reason, "udmabuf") && strstr(outcome.error.reason, "heap") &&
			      outcome.buffer.dmabuf_fd < 0,
		      "where nothing is there, nothing is loaded, and all that was looked for is named");
	dmabuf_loader_free(&outcome.buffer);
}

static void check_refused(struct dmabuf_loader_options options, int number, const char *what)
{
	struct outcome outcome = load(options);

	check(outcome.result && outcome.error.error == number && outcome.error.reason[0] && !outcome.buffer.address,
	      what);
}

static void check_bad_options(void)
{
	char long_name[300];

	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	check_refused((struct dmabuf_loader_options){ .memory = (enum dmabuf_loader_memory)99 }, EINVAL,
		      "a kind of memory that there is not");
	check_refused((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_HEAP, .heap = "no-such-heap" }, ENOENT,
		      "a heap that there is not");
	check_refused((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_HEAP, .heap = "/dev/null" }, ENOTTY,
		      "a path that is no heap");
	check_refused((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_HEAP, .heap = long_name }, ENAMETOOLONG,
		      "a name that is too long for a heap");
	check_refused((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_HEAP, .one_memfd = true }, EINVAL,
		      "a heap with a memfd");
	check_refused((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_WRAPFD, .buffered = true }, EINVAL,
		      "wrapfd through the page cache");
}

static bool is_denied(struct dmabuf_loader_options options, const char *path)
{
	int before = descriptors();
	struct outcome outcome = load(options);

	return outcome.result && outcome.error.error == EACCES && outcome.error.refused &&
	       strstr(outcome.error.reason, path) && strstr(outcome.error.reason, "root") && descriptors() == before &&
	       !outcome.buffer.address && outcome.buffer.dmabuf_fd < 0;
}

/* In a process of its own: what was root once may not see its own descriptors below /proc, unless it says so. */
static int as_nobody(bool (*holds)(void))
{
	pid_t nobody;
	int status;

	fflush(stdout);
	nobody = fork();
	if (nobody == 0) {
		bool is_nobody = !setresgid(NOBODY, NOBODY, NOBODY) && !setresuid(NOBODY, NOBODY, NOBODY) &&
				 !prctl(PR_SET_DUMPABLE, 1);
		bool held = is_nobody && holds();

		fflush(stdout);
		_exit(held ? 0 : 1);
	}
	waitpid(nobody, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whether the file itself is closed to others or a folder above it. */
static char closed_node[4096];

static bool node_is_denied(void)
{
	return is_denied((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_HEAP, .heap = closed_node },
			 "closed-node");
}

static bool all_are_denied(void)
{
	bool denied = true;

	for (size_t i = 0; i < KINDS; i++)
		if (is_there(i))
			denied &=
				is_denied((struct dmabuf_loader_options){ .memory = kinds[i].memory }, kinds[i].device);
	return denied && is_denied((struct dmabuf_loader_options){ 0 }, "/dev/");
}

static bool memfd_loads(void)
{
	struct outcome outcome = load((struct dmabuf_loader_options){ .memory = DMABUF_LOADER_MEMFD });

	return !outcome.result && is_right(&outcome.buffer);
}

/* The right to the heap alone. */
static bool heap_replaces(void)
{
	struct outcome outcome = load((struct dmabuf_loader_options){ 0 });

	return !outcome.result && outcome.buffer.memory == DMABUF_LOADER_HEAP && is_right(&outcome.buffer) &&
	       outcome.choice.attempt_count == KINDS && outcome.choice.attempts[0].error == EACCES &&
	       strstr(outcome.buffer.why, "EACCES on /dev/udmabuf");
}

static void check_denied(void)
{
	mode_t modes[KINDS];
	struct stat node;
	bool any = false;

	if (geteuid()) {
		printf("# skipped: not root, so nothing can be denied\n");
		return;
	}
	if (!realpath("file", closed_node) || strlen(closed_node) > 100)
		exit(1);
	strcpy(strrchr(closed_node, '/'), "/closed-node");
	close(open(closed_node, O_WRONLY | O_CREAT | O_CLOEXEC, 0));
	check(as_nobody(node_is_denied), "a node without the right to it: EACCES, its path, what helps, nothing left");
	for (size_t i = 0; i < KINDS; i++) {
		bool there = stat(kinds[i].device, &node) == 0;

		modes[i] = there ? node.st_mode & 07777 : 0;
		any |= there && chmod(kinds[i].device, 0600) == 0;
	}
	if (any)
		check(as_nobody(all_are_denied),
		      "the same with every device that this machine has, and with none asked");
	check(as_nobody(memfd_loads), "plain shared memory needs no right");
	if (is_there(0) && is_there(KINDS - 1)) {
		check(chmod(kinds[KINDS - 1].device, 0666) == 0 && as_nobody(heap_replaces),
		      "with the right to the heap alone that is used, and why is told");
	}
	for (size_t i = 0; i < KINDS; i++)
		if (is_there(i) && chmod(kinds[i].device, modes[i]))
			exit(1);
}

int main(void)
{
	int before;

	make_file();
	/* Nobody has to come in as well. */
	if (chmod(".", 0755))
		return 1;
	before = descriptors();
	check_names();
	check_automatic();
	for (size_t i = 0; i < KINDS; i++)
		check_asked(i);
	check_memfd();
	check_bad_options();
	check_denied();
	check(descriptors() == before, "no descriptor is left");
	return end_report();
}
