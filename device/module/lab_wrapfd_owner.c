// SPDX-License-Identifier: GPL-2.0
/*
 * Who may do what with a wrapfd.
 */
#include <linux/dma-buf.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "lab_wrapfd.h"

static void lab_wrap_forget_owner(struct lab_wrap *wrap)
{
	put_pid(wrap->owner);
	wrap->owner = NULL;
	wrap->guests = false;
}

/* A process that has ended owns nothing. */
bool lab_wrap_is_owned(struct lab_wrap *wrap)
{
	bool lives;

	if (!wrap->owner)
		return false;
	rcu_read_lock();
	lives = pid_task(wrap->owner, PIDTYPE_TGID);
	rcu_read_unlock();
	if (!lives)
		lab_wrap_forget_owner(wrap);
	return lives;
}

/* All threads of the owner own it. */
bool lab_wrap_is_mine(struct lab_wrap *wrap)
{
	return lab_wrap_is_owned(wrap) && wrap->owner == task_tgid(current);
}

static int lab_wrap_check_mine_and_still(struct lab_wrap *wrap)
{
	if (!lab_wrap_is_mine(wrap))
		return -EBUSY;
	return wrap->maps ? -EINVAL : 0;
}

/**
 * lab_wrap_may_change - may the caller replace what a wrapfd holds?
 * @wrap: locked
 *
 * Return: 0; -EBUSY where it is not the owner, -EINVAL while it is mapped,
 * -ENOENT where it is empty, -EAGAIN while something is loaded.
 */
int lab_wrap_may_change(struct lab_wrap *wrap)
{
	int err = lab_wrap_check_mine_and_still(wrap);

	if (err)
		return err;
	if (!wrap->dmabuf)
		return -ENOENT;
	return wrap->users ? -EAGAIN : 0;
}

/* Return: 0, also for the owner; -EBUSY, -EINVAL while it is mapped or used, -ENOENT where it is empty. */
int lab_wrap_acquire(struct lab_wrap *wrap)
{
	int err = 0;

	mutex_lock(&wrap->lock);
	if (!lab_wrap_is_mine(wrap)) {
		if (wrap->owner)
			err = -EBUSY;
		else if (wrap->maps || wrap->users)
			err = -EINVAL;
		else if (!wrap->dmabuf)
			err = -ENOENT;
		else
			wrap->owner = get_pid(task_tgid(current));
	}
	mutex_unlock(&wrap->lock);
	return err;
}

/* Return: 0; -EBUSY where the caller is not the owner, -EINVAL while it is mapped or used. */
int lab_wrap_release(struct lab_wrap *wrap)
{
	int err;

	mutex_lock(&wrap->lock);
	err = lab_wrap_check_mine_and_still(wrap);
	if (!err && wrap->users)
		err = -EINVAL;
	if (!err)
		lab_wrap_forget_owner(wrap);
	mutex_unlock(&wrap->lock);
	return err;
}

/* Return: 0 or the error of lab_wrap_may_change(). */
int lab_wrap_let_guests(struct lab_wrap *wrap, bool let)
{
	int err;

	mutex_lock(&wrap->lock);
	err = lab_wrap_may_change(wrap);
	if (!err)
		wrap->guests = let;
	mutex_unlock(&wrap->lock);
	return err;
}

/**
 * lab_wrap_lends - what a wrapfd holds, if the caller may use it
 * @wrap: locked
 *
 * Return: the dma-buf; -EBUSY where another process owns it and lets no
 * guests, -ENOENT where it is empty.
 */
struct dma_buf *lab_wrap_lends(struct lab_wrap *wrap)
{
	if (lab_wrap_is_owned(wrap) && !lab_wrap_is_mine(wrap) && !wrap->guests)
		return ERR_PTR(-EBUSY);
	return wrap->dmabuf ? wrap->dmabuf : ERR_PTR(-ENOENT);
}

/**
 * lab_wrap_begin_use - let the caller use the dma-buf for the time of a request
 * @wrap: not locked; ends with lab_wrap_end_use()
 *
 * Return: the dma-buf, which stays while it is used, or the error of
 * lab_wrap_lends().
 */
struct dma_buf *lab_wrap_begin_use(struct lab_wrap *wrap)
{
	struct dma_buf *dmabuf;

	mutex_lock(&wrap->lock);
	dmabuf = lab_wrap_lends(wrap);
	if (!IS_ERR(dmabuf))
		wrap->users++;
	mutex_unlock(&wrap->lock);
	return dmabuf;
}

void lab_wrap_end_use(struct lab_wrap *wrap)
{
	mutex_lock(&wrap->lock);
	wrap->users--;
	mutex_unlock(&wrap->lock);
}
