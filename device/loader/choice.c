/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "dma_heap.h"
#include "error.h"
#include "lab_module.h"
#include "rounding.h"
#include "udmabuf.h"

#define DEFAULT_HEAP "system"

/* What is looked for. */
struct search {
	const struct dmabuf_loader_options *options;
	uint64_t bytes; /* of the largest buffer */
	struct devices *devices;
	char found[128]; /* what speaks for the memory that was found */
};

/*
 * The fastest first. udmabuf needs nothing but a stock kernel, reads while it populates, and has each gather ready as
 * soon as it is read. The module overlaps as well, in the kernel, but tasks get their memory from it in one piece; so do
 * wrapfd's, which reads without a copy. A heap's own pages are read into by the CPU, through the page cache.
 */
static const enum dmabuf_loader_memory fastest_first[] = {
	DMABUF_LOADER_UDMABUF,
	DMABUF_LOADER_MODULE,
	DMABUF_LOADER_WRAPFD,
	DMABUF_LOADER_HEAP,
};

const char *dmabuf_loader_memory_name(enum dmabuf_loader_memory memory)
{
	switch (memory) {
	case DMABUF_LOADER_AUTO:
		return "auto";
	case DMABUF_LOADER_UDMABUF:
		return "udmabuf";
	case DMABUF_LOADER_MEMFD:
		return "memfd";
	case DMABUF_LOADER_HEAP:
		return "heap";
	case DMABUF_LOADER_WRAPFD:
		return "wrapfd";
	case DMABUF_LOADER_MODULE:
		return "module";
	}
	return NULL;
}

bool is_shared_memory(enum dmabuf_loader_memory memory)
{
	return memory == DMABUF_LOADER_UDMABUF || memory == DMABUF_LOADER_MEMFD;
}

bool is_read_by_kernel(enum dmabuf_loader_memory memory)
{
	return memory == DMABUF_LOADER_WRAPFD || memory == DMABUF_LOADER_MODULE;
}

static void close_one(int *device)
{
	if (*device >= 0)
		close(*device);
	*device = -1;
}

void devices_close(struct devices *devices)
{
	close_one(&devices->udmabuf);
	close_one(&devices->heap);
	wrapfd_close(&devices->wrapfd);
	close_one(&devices->module);
}

int devices_open_to_fill(struct devices *devices, enum dmabuf_loader_memory memory, struct dmabuf_loader_error *error)
{
	if (memory == DMABUF_LOADER_WRAPFD && devices->wrapfd.fd < 0)
		return wrapfd_open(&devices->wrapfd, error);
	if (memory != DMABUF_LOADER_MODULE || devices->module >= 0)
		return 0;
	devices->module = lab_module_open(error);
	return devices->module < 0 ? -1 : 0;
}

static const char *heap_of(const struct dmabuf_loader_options *options)
{
	return options->heap ? options->heap : DEFAULT_HEAP;
}

static int find_udmabuf(struct search *search, struct dmabuf_loader_error *error)
{
	if (udmabuf_check_limit(search->bytes, error))
		return -1;
	search->devices->udmabuf = udmabuf_open(error);
	if (search->devices->udmabuf < 0 || udmabuf_check_pages(search->devices->udmabuf, search->bytes, error))
		return -1;
	snprintf(search->found, sizeof(search->found),
		 "/dev/udmabuf is there and its size limit admits %" PRIu64 " bytes", search->bytes);
	return 0;
}

static int find_memfd(struct search *search, struct dmabuf_loader_error *error)
{
	(void)error;
	snprintf(search->found, sizeof(search->found), "plain shared memory, which is no dma-buf");
	return 0;
}

/* A page of it, so that what is found also works; or -1 with @error. */
static int try_heap(struct search *search, struct dmabuf_loader_error *error)
{
	const char *name = heap_of(search->options);

	search->devices->heap = dma_heap_open(name, error);
	return search->devices->heap < 0 ? -1 : dma_heap_alloc(search->devices->heap, page_bytes(), error);
}

static int find_heap(struct search *search, struct dmabuf_loader_error *error)
{
	int buffer = try_heap(search, error);

	if (buffer < 0)
		return -1;
	close(buffer);
	snprintf(search->found, sizeof(search->found), "the heap %.64s gives buffers", heap_of(search->options));
	return 0;
}

static int find_wrapfd(struct search *search, struct dmabuf_loader_error *error)
{
	struct wrapfd_device *wrapfd = &search->devices->wrapfd;
	int buffer, wrap;

	if (search->options->buffered)
		return load_refused(error, EINVAL, "wrapfd reads directly, never through the page cache");
	if (wrapfd_open(wrapfd, error))
		return -1;
	buffer = try_heap(search, error);
	if (buffer < 0)
		return -1;
	wrap = wrapfd_own(wrapfd, buffer, error);
	close(buffer);
	if (wrap < 0)
		return -1;
	close(wrap);
	snprintf(search->found, sizeof(search->found), "%s wraps buffers of the heap %.64s",
		 wrapfd->is_module ? "the kernel module" : "Android's wrapfd", heap_of(search->options));
	return 0;
}

static int find_module(struct search *search, struct dmabuf_loader_error *error)
{
	struct dmabuf_lab_read request = { .bytes = search->bytes };

	search->devices->module = lab_module_open(error);
	if (search->devices->module < 0 || lab_module_check(search->devices->module, &request, error))
		return -1;
	snprintf(search->found, sizeof(search->found), "the kernel module is there");
	return 0;
}

static int find(struct search *search, enum dmabuf_loader_memory memory, struct dmabuf_loader_error *error)
{
	switch (memory) {
	case DMABUF_LOADER_UDMABUF:
		return find_udmabuf(search, error);
	case DMABUF_LOADER_MEMFD:
		return find_memfd(search, error);
	case DMABUF_LOADER_HEAP:
		return find_heap(search, error);
	case DMABUF_LOADER_WRAPFD:
		return find_wrapfd(search, error);
	case DMABUF_LOADER_MODULE:
		return find_module(search, error);
	case DMABUF_LOADER_AUTO:
		break;
	}
	return load_failed(error, EINVAL, "there is no memory of kind %d", (int)memory);
}

static int attempt(struct search *search, enum dmabuf_loader_memory memory, struct dmabuf_loader_choice *choice,
		   struct dmabuf_loader_error *error)
{
	struct dmabuf_loader_attempt *made = &choice->attempts[choice->attempt_count++];
	int result = find(search, memory, error);

	*made = (struct dmabuf_loader_attempt){ .memory = memory, .error = result ? error->error : 0 };
	snprintf(made->reason, sizeof(made->reason), "%.255s", result ? error->reason : search->found);
	if (result)
		devices_close(search->devices);
	else
		choice->memory = memory;
	return result;
}

/* Text that is too long is cut; it is for people. */
static void add(char *text, size_t room, const char *more)
{
	size_t used = strlen(text);

	snprintf(text + used, room - used, "%s", more);
}

static void add_attempt(char *text, size_t room, const struct dmabuf_loader_attempt *attempt)
{
	char one[sizeof(attempt->reason) + 64];

	/* The reason names the device, and %m the errno. */
	errno = attempt->error;
	snprintf(one, sizeof(one), "%s: %s (%m)", dmabuf_loader_memory_name(attempt->memory), attempt->reason);
	add(text, room, one);
}

static void add_failures(char *text, size_t room, const struct dmabuf_loader_choice *choice)
{
	const char *between = "";

	for (unsigned int i = 0; i < choice->attempt_count; i++) {
		if (!choice->attempts[i].error)
			continue;
		add(text, room, between);
		add_attempt(text, room, &choice->attempts[i]);
		between = "; ";
	}
}

static int choose_asked(struct search *search, struct dmabuf_loader_choice *choice, struct dmabuf_loader_error *error)
{
	enum dmabuf_loader_memory memory = search->options->memory;

	if (attempt(search, memory, choice, error))
		return -1;
	snprintf(choice->why, sizeof(choice->why), "%s: asked for; %s", dmabuf_loader_memory_name(memory),
		 search->found);
	return 0;
}

static void explain_chosen(const struct search *search, struct dmabuf_loader_choice *choice)
{
	snprintf(choice->why, sizeof(choice->why), "%s: %s", dmabuf_loader_memory_name(choice->memory), search->found);
	if (choice->attempt_count == 1)
		return;
	add(choice->why, sizeof(choice->why), "; nothing faster: ");
	add_failures(choice->why, sizeof(choice->why), choice);
}

/* The error of the attempt that a user can mend most easily: a missing right, or else the first. */
static int refuse_all(const struct dmabuf_loader_choice *choice, struct dmabuf_loader_error *error)
{
	int number = choice->attempts[0].error;

	for (unsigned int i = 0; i < choice->attempt_count; i++)
		if (choice->attempts[i].error == EACCES)
			number = EACCES;
	load_refused(error, number, "nothing makes a dma-buf here: ");
	add_failures(error->reason, sizeof(error->reason), choice);
	return -1;
}

static int choose_first(struct search *search, struct dmabuf_loader_choice *choice, struct dmabuf_loader_error *error)
{
	for (size_t i = 0; i < sizeof(fastest_first) / sizeof(fastest_first[0]); i++) {
		if (attempt(search, fastest_first[i], choice, error))
			continue;
		explain_chosen(search, choice);
		return 0;
	}
	return refuse_all(choice, error);
}

int choice_make(const struct dmabuf_loader_options *options, uint64_t bytes, struct devices *devices,
		struct dmabuf_loader_choice *choice, struct dmabuf_loader_error *error)
{
	static const struct devices none = NO_DEVICES;
	struct dmabuf_loader_options asked = *options;
	struct search search = { .options = &asked, .bytes = bytes, .devices = devices };
	int result;

	*devices = none;
	memset(choice, 0, sizeof(*choice));
	/* Only shared memory has these, so they name it. */
	if (asked.memory == DMABUF_LOADER_AUTO && (asked.one_memfd || asked.hugetlb_bytes))
		asked.memory = DMABUF_LOADER_UDMABUF;
	result = asked.memory == DMABUF_LOADER_AUTO ? choose_first(&search, choice, error) :
						      choose_asked(&search, choice, error);
	if (result)
		snprintf(choice->why, sizeof(choice->why), "%s", error->reason);
	return result;
}
