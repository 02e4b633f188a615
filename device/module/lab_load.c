// SPDX-License-Identifier: GPL-2.0
/*
 * The order in which a load's gathers are allocated and read: one after the
 * other, or overlapped by reader threads.
 */
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "dmabuf_lab.h"

struct lab_reader {
	struct lab_load *load;
	struct task_struct *task;
	unsigned int index;
};

static int lab_load_init_gathers(struct lab_load *load, const struct dmabuf_lab_read *arg)
{
	u64 gather_bytes = arg->gather_bytes ?: arg->bytes;
	u64 offset = 0;
	unsigned int i;

	load->nr_gathers = DIV64_U64_ROUND_UP(arg->bytes, gather_bytes);
	load->gathers = kvcalloc(load->nr_gathers, sizeof(*load->gathers), GFP_KERNEL_ACCOUNT);
	if (!load->gathers)
		return -ENOMEM;
	for (i = 0; i < load->nr_gathers; i++) {
		struct dmabuf_lab_gather *timing = &load->gathers[i].timing;

		timing->gather = i;
		timing->offset = offset;
		timing->bytes = min(gather_bytes, arg->bytes - offset);
		offset += timing->bytes;
	}
	return 0;
}

/**
 * lab_load_create - divide a load into gathers that have no pages yet
 * @file: what to read; must outlive the load
 * @arg: checked arguments of the call
 *
 * Return: the load or an ERR_PTR(-ENOMEM).
 */
struct lab_load *lab_load_create(struct file *file, const struct dmabuf_lab_read *arg)
{
	struct lab_load *load;
	int err;

	load = kzalloc(sizeof(*load), GFP_KERNEL_ACCOUNT);
	if (!load)
		return ERR_PTR(-ENOMEM);
	load->file = file;
	load->file_offset = arg->file_offset;
	spin_lock_init(&load->lock);
	init_waitqueue_head(&load->changed);
	err = lab_load_init_gathers(load, arg);
	if (err) {
		kfree(load);
		return ERR_PTR(err);
	}
	return load;
}

/* Frees a load whose gathers have no pages of their own any more. */
void lab_load_destroy(struct lab_load *load)
{
	unsigned int i;

	for (i = 0; i < load->nr_gathers; i++)
		lab_gather_forget_pages(&load->gathers[i]);
	lab_let_go(load->held_bytes);
	kvfree(load->gathers);
	kfree(load);
}

static void lab_load_free_pages(struct lab_load *load)
{
	unsigned int i;

	for (i = 0; i < load->nr_gathers; i++)
		lab_gather_free_pages(&load->gathers[i]);
}

static void lab_load_fail(struct lab_load *load, int err)
{
	spin_lock(&load->lock);
	if (!load->error)
		WRITE_ONCE(load->error, err);
	spin_unlock(&load->lock);
	wake_up_all(&load->changed);
}

static void lab_load_add_ready(struct lab_load *load, unsigned int count)
{
	spin_lock(&load->lock);
	load->ready += count;
	spin_unlock(&load->lock);
	wake_up_all(&load->changed);
}

static void lab_load_add_finished(struct lab_load *load)
{
	spin_lock(&load->lock);
	load->finished++;
	spin_unlock(&load->lock);
	wake_up_all(&load->changed);
}

static bool lab_load_is_over(struct lab_load *load)
{
	return READ_ONCE(load->error) || READ_ONCE(load->finished) == load->nr_gathers;
}

/* True when a reader has something to do, be it to leave. */
static bool lab_load_concerns_reader(struct lab_load *load)
{
	unsigned int claimed = READ_ONCE(load->claimed);

	return READ_ONCE(load->error) || claimed < READ_ONCE(load->ready) || claimed == load->nr_gathers;
}

/* The next gather to read; NULL once there will be none. */
static struct lab_gather *lab_load_claim(struct lab_load *load)
{
	struct lab_gather *gather = NULL;
	bool over = false;

	while (!gather && !over) {
		wait_event_idle(load->changed, lab_load_concerns_reader(load));
		spin_lock(&load->lock);
		if (!load->error && load->claimed < load->ready)
			gather = &load->gathers[load->claimed++];
		over = load->error || load->claimed == load->nr_gathers;
		spin_unlock(&load->lock);
	}
	return gather;
}

static int lab_reader_run(void *data)
{
	struct lab_reader *reader = data;
	struct lab_load *load = reader->load;
	struct lab_gather *gather;
	int err;

	while ((gather = lab_load_claim(load))) {
		gather->timing.reader = reader->index;
		err = lab_read_gather(load, gather);
		if (err)
			lab_load_fail(load, err);
		else
			lab_load_add_finished(load);
	}
	return 0;
}

static int lab_reader_start(struct lab_reader *reader, struct lab_load *load, unsigned int index)
{
	struct task_struct *task;

	reader->load = load;
	reader->index = index;
	task = kthread_create(lab_reader_run, reader, "dmabuf_lab/%u", index);
	if (IS_ERR(task))
		return PTR_ERR(task);
	/* It may end before it is joined. */
	reader->task = get_task_struct(task);
	wake_up_process(task);
	return 0;
}

static void lab_readers_join(struct lab_reader *readers, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		kthread_stop(readers[i].task);
		put_task_struct(readers[i].task);
	}
}

static int lab_allocate_gathers(struct lab_load *load)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < load->nr_gathers; i++) {
		err = READ_ONCE(load->error);
		if (!err)
			err = lab_gather_allocate(&load->gathers[i]);
		if (!err)
			lab_load_add_ready(load, 1);
	}
	return err;
}

/* Runs @produce while reader threads read what it has made ready. */
static int lab_load_with_readers(struct lab_load *load, unsigned int count, int (*produce)(struct lab_load *load))
{
	struct lab_reader *readers;
	unsigned int started = 0;
	int err = 0;

	readers = kcalloc(count, sizeof(*readers), GFP_KERNEL_ACCOUNT);
	if (!readers)
		return -ENOMEM;
	while (!err && started < count) {
		err = lab_reader_start(&readers[started], load, started);
		if (!err)
			started++;
	}
	if (!err)
		err = produce(load);
	if (!err)
		err = wait_event_killable(load->changed, lab_load_is_over(load));
	if (err)
		lab_load_fail(load, err == -ERESTARTSYS ? -EINTR : err);
	lab_readers_join(readers, started);
	kfree(readers);
	return load->error;
}

/**
 * lab_load_serial - allocate everything, then read everything
 * @load: without pages
 *
 * Return: 0, or an error, and then no page is left allocated.
 */
int lab_load_serial(struct lab_load *load)
{
	unsigned int i;
	int err;

	err = lab_allocate_gathers(load);
	for (i = 0; !err && i < load->nr_gathers; i++)
		err = lab_read_gather(load, &load->gathers[i]);
	if (err)
		lab_load_free_pages(load);
	return err;
}

/**
 * lab_load_overlapped - read each gather while the next ones are allocated
 * @load: without pages
 * @nr_readers: kernel threads that read
 *
 * Return: 0, or an error, and then no page is left allocated.
 */
int lab_load_overlapped(struct lab_load *load, unsigned int nr_readers)
{
	int err;

	err = lab_load_with_readers(load, nr_readers, lab_allocate_gathers);
	if (err)
		lab_load_free_pages(load);
	return err;
}

static int lab_all_ready(struct lab_load *load)
{
	lab_load_add_ready(load, load->nr_gathers);
	return 0;
}

/**
 * lab_load_map - find the pages of a mapped buffer
 * @load: without pages
 * @vaddr: kernel address where the load begins, page aligned
 *
 * Return: 0 or the error of lab_gather_from_mapping().
 */
int lab_load_map(struct lab_load *load, void *vaddr)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < load->nr_gathers; i++) {
		struct lab_gather *gather = &load->gathers[i];

		err = lab_gather_from_mapping(gather, vaddr + gather->timing.offset);
	}
	return err;
}

/**
 * lab_load_into - read into a buffer of any exporter
 * @load: has the pages of the buffer
 * @arg: checked arguments of the call
 *
 * Return: 0 or an error, and then the buffer holds a part of the file.
 */
int lab_load_into(struct lab_load *load, const struct dmabuf_lab_read *arg)
{
	unsigned int i;
	int err = 0;

	if (arg->flags & DMABUF_LAB_ASYNC)
		return lab_load_with_readers(load, arg->readers, lab_all_ready);
	for (i = 0; !err && i < load->nr_gathers; i++) {
		struct lab_gather *gather = &load->gathers[i];

		if (arg->flags & DMABUF_LAB_PIPE)
			err = lab_pipe_gather(load, gather);
		else
			err = lab_read_gather(load, gather);
	}
	return err;
}
