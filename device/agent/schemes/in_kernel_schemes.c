/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <unistd.h>

#include "in_kernel/in_kernel_patch.h"
#include "loader/clock.h"
#include "loader/lab_module.h"
#include "schemes/in_kernel_schemes.h"

static struct dmabuf_lab_read request_of(const struct load *load, unsigned int flags)
{
	return (struct dmabuf_lab_read){
		.file_fd = load->source.fd,
		.flags = flags,
		.bytes = load->options->bytes,
		.readers = flags & DMABUF_LAB_ASYNC ? (uint32_t)load->options->readers : 0,
		.gather_bytes = flags & DMABUF_LAB_ASYNC ? load->gather_bytes : 0,
		.gathers = (uintptr_t)load->kernel_gathers,
		.gathers_capacity = (uint32_t)load->gather_count,
	};
}

static int open_module(struct load *load)
{
	int64_t start = now_ns();

	load->device = lab_module_open(&load->error);
	if (load->device < 0)
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_OPEN, start, now_ns(), 0, NO_GATHER);
	return load_open_source(load);
}

static int alloc_and_read(struct load *load, unsigned int flags)
{
	struct dmabuf_lab_read request;

	if (open_module(load))
		return -1;
	request = request_of(load, flags);
	if (lab_module_check(load->device, &request, &load->error) ||
	    lab_module_read(load->device, DMABUF_LAB_IOC_ALLOC_AND_READ, &request, &load->error))
		return -1;
	load->dmabuf = request.dmabuf_fd;
	span_add(&load->log, LANE_ALLOCATOR, PHASE_CREATE, (int64_t)request.create_begin_ns,
		 (int64_t)request.create_end_ns, load->options->bytes, NO_GATHER);
	return 0;
}

/* The series tell no times: the one span is the whole call, which allocates and reads. */
static int patched_read(struct load *load)
{
	int64_t start;

	/* Nothing was chosen: the load has its error. */
	if (load->way == WAY_NONE || load_open_heap(load))
		return -1;
	start = now_ns();
	if (load->way == WAY_HEAP_IOCTL)
		load->dmabuf = in_kernel_patch_ioctl(load->device, load->source.fd, load->gather_bytes, &load->error);
	else
		load->dmabuf = in_kernel_patch_flag(load->device, load->source.fd, &load->error);
	if (load->dmabuf < 0)
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_CREATE, start, now_ns(), load->options->bytes, NO_GATHER);
	return 0;
}

bool in_kernel_is(const struct scheme *scheme)
{
	return scheme->run == in_kernel_serial || scheme->run == in_kernel_gather;
}

int in_kernel_serial(struct load *load)
{
	const struct dmabuf_lab_gather *whole = load->kernel_gathers;

	if (load->way != WAY_MODULE)
		return patched_read(load);
	if (alloc_and_read(load, 0))
		return -1;
	span_add(&load->log, LANE_ALLOCATOR, PHASE_ALLOC, (int64_t)whole->alloc_begin_ns, (int64_t)whole->alloc_end_ns,
		 whole->bytes, NO_GATHER);
	span_add(&load->log, LANE_READER, PHASE_READ, (int64_t)whole->read_begin_ns, (int64_t)whole->read_end_ns,
		 whole->bytes, NO_GATHER);
	return 0;
}

int in_kernel_gather(struct load *load)
{
	if (load->way != WAY_MODULE)
		return patched_read(load);
	if (alloc_and_read(load, DMABUF_LAB_ASYNC))
		return -1;
	lab_module_tell_gathers(load->kernel_gathers, load->gather_count, load->gathers);
	return 0;
}

static int pipe_into(struct load *load, int device)
{
	struct dmabuf_lab_read request = request_of(load, DMABUF_LAB_PIPE);

	request.dmabuf_fd = load->dmabuf;
	if (lab_module_check(device, &request, &load->error) ||
	    lab_module_read(device, DMABUF_LAB_IOC_READ_INTO, &request, &load->error))
		return -1;
	span_add(&load->log, LANE_CALLER, PHASE_MAP, (int64_t)request.map_begin_ns, (int64_t)request.map_end_ns,
		 load->options->bytes, NO_GATHER);
	span_add(&load->log, LANE_READER, PHASE_COPY, (int64_t)request.map_end_ns, now_ns(), load->options->bytes,
		 NO_GATHER);
	return 0;
}

int in_kernel_pipe_into(struct load *load)
{
	int device = lab_module_open(&load->error);
	int result;

	if (device < 0)
		return -1;
	load->emulated = true;
	result = pipe_into(load, device);
	close(device);
	return result;
}
