/* SPDX-License-Identifier: MIT */
#ifndef DMABUF_LOADER_H
#define DMABUF_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The interface's version; a program built against 3.x runs with any later 3.y. */
#define DMABUF_LOADER_VERSION_MAJOR 3
#define DMABUF_LOADER_VERSION_MINOR 0

/** The largest gather that is chosen where none is named. */
#define DMABUF_LOADER_DEFAULT_GATHER_BYTES (128ULL << 20)
#define DMABUF_LOADER_MAX_THREADS 64

/** Why a load failed. Nothing is left allocated, open or running after a failure. */
struct dmabuf_loader_error {
	int error;	  /* errno, or 0 where no system call failed */
	bool refused;	  /* the kernel or file system does not offer the operation at all */
	char reason[512]; /* one sentence without a full stop, for people */
};

/** What a buffer's memory is, and so how a file gets into it. */
enum dmabuf_loader_memory {
	/* The first that there is of udmabuf, module, wrapfd and heap: in all of them the buffer is a dma-buf. */
	DMABUF_LOADER_AUTO,
	/* Shared memory joined by /dev/udmabuf (Linux 4.20); populated and read with O_DIRECT side by side. */
	DMABUF_LOADER_UDMABUF,
	/* The same without a dma-buf: dmabuf_fd is -1. Any Linux. Never chosen unasked. */
	DMABUF_LOADER_MEMFD,
	/* A dma-heap's, read into by the CPU: its pages mostly take no O_DIRECT. */
	DMABUF_LOADER_HEAP,
	/* A dma-heap's, which Android's wrapfd (or the lab's module in its place) reads into with O_DIRECT. */
	DMABUF_LOADER_WRAPFD,
	/* Of the lab's own kernel module, which allocates and reads. */
	DMABUF_LOADER_MODULE,
};

/** "auto", "udmabuf", "memfd", "heap", "wrapfd" or "module"; NULL for anything else. From any thread. */
const char *dmabuf_loader_memory_name(enum dmabuf_loader_memory memory);

/** What became of one kind of memory when it was looked for. */
struct dmabuf_loader_attempt {
	enum dmabuf_loader_memory memory;
	int error; /* errno; 0: it is the one that is used */
	char reason[256];
};

/** What memory was chosen, and why. The attempts are in the order in which they were made. */
struct dmabuf_loader_choice {
	enum dmabuf_loader_memory memory; /* DMABUF_LOADER_AUTO: none */
	char why[512];			  /* one sentence, for people */
	unsigned int attempt_count;
	struct dmabuf_loader_attempt attempts[5];
};

/**
 * When one gather was populated and read: CLOCK_MONOTONIC, ns. Zero where the load did not get there.
 * A gather is the batch of pages that is populated before its read is queued.
 */
struct dmabuf_loader_gather {
	int64_t alloc_start_ns;
	int64_t alloc_end_ns;
	int64_t wait_start_ns; /* its reader had nothing else to do from here on */
	int64_t read_start_ns;
	int64_t read_end_ns;
	uint32_t reader; /* which reader read it, from 0 */
};

/** When the stages of a load began and ended: CLOCK_MONOTONIC, ns. */
struct dmabuf_loader_times {
	int64_t start_ns;
	int64_t open_ns;	 /* file, memfd and /dev/udmabuf are open */
	int64_t map_ns;		 /* the memfd is mapped, nothing is populated */
	int64_t create_start_ns; /* everything is populated; the last reads go on beside */
	int64_t create_end_ns;	 /* the dma-buf exists */
	int64_t end_ns;		 /* and every byte is in it */
};

/** How to load. All zero is a sound choice. */
struct dmabuf_loader_options {
	uint64_t bytes;		 /* load the file's first bytes; 0: the whole file */
	uint64_t gather_bytes;	 /* rounded up to pages; 0: dmabuf_loader_default_gather_bytes() */
	unsigned int readers;	 /* threads that read, at most 64; 0: the default */
	unsigned int populators; /* threads that populate, at most 64; 0: the default */
	uint64_t hugetlb_bytes;	 /* pages of this size out of the reserved pool (hugetlb); 0: none of it */
	bool small_pages;	 /* do not ask for transparent huge pages (MADV_HUGEPAGE) */
	bool one_memfd;		 /* all of a buffer in one memfd, which stays open; several threads then gain little */
	bool buffered;		 /* read through the page cache instead of O_DIRECT */
	/* What new buffers are made of. What is named and is not there is refused, never replaced. */
	enum dmabuf_loader_memory memory;
	const char *heap; /* of heap and wrapfd: a name below /dev/dma_heap, or a path; NULL: "system" */
	/* Optional: filled before dmabuf_loader_start() or dmabuf_loader_load() returns, also where nothing is found. */
	struct dmabuf_loader_choice *choice;
	/* Optional records of what happened when. With another memory than udmabuf, @times has start and end only. */
	struct dmabuf_loader_times *times;
	struct dmabuf_loader_gather *gathers; /* room for dmabuf_loader_gather_count() of them */
};

/** A loaded file. The dma-buf and the mapping are the same pages. */
struct dmabuf_loader_buffer {
	int dmabuf_fd;	       /* yours to pass on or dup(); closed by dmabuf_loader_free() */
	int memfd;	       /* with one_memfd; else -1, for the pages are in several that are closed again */
	void *address;	       /* readable and writable mapping of the pages */
	uint64_t bytes;	       /* of the file */
	uint64_t mapped_bytes; /* bytes rounded up to whole pages, of hugetlb where asked for; the rest is zero */
	enum dmabuf_loader_memory memory; /* what it is made of */
	char why[512];			  /* of the choice, and how it was read; one sentence */
};

/**
 * Loads a file into a new buffer. With udmabuf, pages are populated gather by gather, each populating thread in a memfd
 * of its own; readers follow with O_DIRECT, and UDMABUF_CREATE_LIST runs beside the last reads. With the module, its
 * ioctl allocates and reads side by side. With the others it does what one task would.
 *
 * @options may be NULL. Returns 0, or -1 with @error: ENODATA for a file that is empty or too small, EINVAL for one that
 * is no regular file and for options that exclude each other, what the kernel says of the file; and of the memory ENOENT
 * where its device is not there, EACCES with the device's path, EINVAL for udmabuf's size limit, EFBIG for the module's,
 * ENOMEM. Any thread may call it, at the same time as others.
 */
int dmabuf_loader_load(const char *path, const struct dmabuf_loader_options *options,
		       struct dmabuf_loader_buffer *buffer, struct dmabuf_loader_error *error);

/** Unmaps and closes everything. A duplicate of the dma-buf elsewhere keeps the pages alive. */
void dmabuf_loader_free(struct dmabuf_loader_buffer *buffer);

/** How many gathers a load of @bytes has at most; zero @gather_bytes stands for the default. */
uint64_t dmabuf_loader_gather_count(uint64_t bytes, uint64_t gather_bytes);

/** Nothing is in it yet. */
#define DMABUF_LOADER_NO_BUFFER                            \
	{                                                  \
		-1, -1, NULL, 0, 0, DMABUF_LOADER_AUTO, "" \
	}

/** The most ranges of one task. */
#define DMABUF_LOADER_MAX_RANGES 10000

/** A part of the file, and where it goes. Neither end has to be aligned to anything. */
struct dmabuf_loader_range {
	uint64_t file_offset;
	uint64_t bytes;	 /* at least one */
	uint32_t buffer; /* which of the task's buffers, from 0 */
	uint64_t buffer_offset;
};

/**
 * What to load. The descriptor and the arrays are used before dmabuf_loader_start() returns and not after, but for
 * @buffers, which have to stay until dmabuf_loader_finish().
 */
struct dmabuf_loader_plan {
	int file_fd;				  /* open for reading; with O_DIRECT or without */
	const struct dmabuf_loader_range *ranges; /* those of one buffer must not overlap */
	size_t range_count;
	/*
	 * One whose address is NULL is made, with room for its @bytes; every byte that no range covers is zero. Its address
	 * is set when its first bytes are ready, if not before. One that is there already is filled again, by what it is
	 * made of: nothing is allocated, and what no range covers stays as it is. One of DMABUF_LOADER_AUTO, as a caller's
	 * own mapping, is read into directly, or through the page cache where its pages do not take that.
	 */
	struct dmabuf_loader_buffer *buffers;
	size_t buffer_count;
};

/** A load that is under way. */
struct dmabuf_loader_task;

/**
 * Starts to load ranges of a file into one or several buffers, in one overlapped pipeline: while one gather is read,
 * the next is populated, be it of the same range or not. Of @options, which may be NULL, @bytes, @times and
 * @gathers mean nothing here.
 *
 * Returns the task, to be ended with dmabuf_loader_finish(); or NULL with @error: EINVAL for ranges that are empty, too
 * many, overlap or do not fit their buffer, ENODATA for one beyond the file, EBADF, ENOMEM, and what
 * dmabuf_loader_load() says of files and memory. Any thread may call it, for other tasks at the same time. Heaps, wrapfd
 * and the module allocate on the task's threads, so that what they refuse then is told by dmabuf_loader_finish().
 */
struct dmabuf_loader_task *dmabuf_loader_start(const struct dmabuf_loader_plan *plan,
					       const struct dmabuf_loader_options *options,
					       struct dmabuf_loader_error *error);

/**
 * How many bytes are ready, counted through the ranges in their order: a consumer may start with the first layers.
 * Never falls. The same from any thread.
 */
uint64_t dmabuf_loader_ready_bytes(struct dmabuf_loader_task *task);

/**
 * Waits until so many bytes are ready, in order. Returns 0; 1 when @timeout_ms have passed first (-1 waits for ever); or
 * -1 when they never will be, because the load failed or was cancelled. From any thread, also several.
 */
int dmabuf_loader_wait(struct dmabuf_loader_task *task, uint64_t bytes, int timeout_ms);

/**
 * A descriptor that poll() finds readable whenever more is ready and when the load ends; read its 8 bytes to reset it.
 * It belongs to the task.
 */
int dmabuf_loader_event_fd(struct dmabuf_loader_task *task);

/**
 * Ends the load as soon as the reads in flight are back: at most 32 MiB a reader, or a gather where the kernel reads
 * (wrapfd, module); and an allocation that is under way. From any thread, more than once.
 */
void dmabuf_loader_cancel(struct dmabuf_loader_task *task);

/**
 * Waits for the end and frees the task. Returns 0, or -1 with @error, ECANCELED among them; then the buffers that were
 * made are gone again, and those that were there before hold a part of what was asked for. Once for each task, when no
 * other thread uses it any more.
 */
int dmabuf_loader_finish(struct dmabuf_loader_task *task, struct dmabuf_loader_error *error);

/**
 * The gather of a load of so many bytes where none is named: an eighth of it, 4 to 128 MiB. Where the kernel gives huge
 * pages it is larger for small loads: a quarter, up to 16 MiB.
 */
uint64_t dmabuf_loader_default_gather_bytes(uint64_t bytes);

/** The numbers that a zero in the options stands for, on this machine. */
unsigned int dmabuf_loader_default_readers(void);
/* @huge_pages: where the kernel gives them. */
unsigned int dmabuf_loader_default_populators(bool one_memfd, bool huge_pages);

/**
 * The largest udmabuf that a size_limit_mb admits. Kernels without commit 021ba7f1babd compute the limit in 32 bits,
 * where 2048 to 4095 MiB mean no limit and 4096 means nothing at all; the answer holds for both kinds.
 */
uint64_t dmabuf_loader_limit_bytes(uint64_t size_limit_mib);

#ifdef __cplusplus
}
#endif

#endif
