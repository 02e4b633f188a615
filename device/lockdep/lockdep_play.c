// SPDX-License-Identifier: GPL-2.0
/*
 * Takes and releases what a script says, as lockdep sees it. There are no locks, only lockdep's maps of them: nothing
 * blocks, and threads are played one after the other, because lockdep learns orders and needs no race.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/debug_locks.h>
#include <linux/dma-fence.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "lockdep_play.h"
#include "lockdep_script.h"

#ifndef CONFIG_PROVE_LOCKING
#error "This kernel has no lockdep: it needs CONFIG_PROVE_LOCKING."
#endif

/**
 * struct lock_play - one playing, in a thread that holds nothing else
 * @script: what is played
 * @result: what came of it
 * @fence: a signalled fence, for what the kernel annotates itself; part of this, so nothing frees it
 * @fence_lock: of @fence
 * @sections: signalling sections that are open; only the outermost is an acquisition
 * @switches: context switches of the thread before the present step
 * @done: completed at the end
 */
struct lock_play {
	struct lock_script *script;
	struct play_result *result;
	struct dma_fence fence;
	spinlock_t fence_lock; /* of @fence */
	unsigned int sections;
	unsigned long switches;
	struct completion done;
};

static const char *play_fence_name(struct dma_fence *fence)
{
	return "dmabuf_lab_lockdep";
}

static const struct dma_fence_ops play_fence_ops = {
	.get_driver_name = play_fence_name,
	.get_timeline_name = play_fence_name,
};

/* What the kernel's functions do with a map of their own, under either annotation. */
static bool play_begin_own(struct lock_script *script)
{
	if (lock_is_held_type(&script->fence_map, 1))
		return true;
	lock_acquire(&script->fence_map, 0, script->annotation == ANNOTATED_AS_TRYLOCK, 1, 1, NULL, _RET_IP_);
	return false;
}

static void play_end_own(struct lock_script *script, bool cookie)
{
	if (!cookie)
		lock_release(&script->fence_map, _RET_IP_);
}

/* As dma_fence_wait() does: it leaves the section, takes the map for writing, and goes back. */
static void play_wait_own(struct lock_script *script)
{
	bool inside = lock_is_held_type(&script->fence_map, 1);

	if (inside)
		play_end_own(script, false);
	lock_map_acquire(&script->fence_map);
	lock_map_release(&script->fence_map);
	if (inside)
		play_begin_own(script);
}

static bool play_begin(struct lock_play *play)
{
	if (play->script->annotation == ANNOTATED_BY_KERNEL)
		return dma_fence_begin_signalling();
	return play_begin_own(play->script);
}

static void play_end(struct lock_play *play, bool cookie)
{
	if (play->script->annotation == ANNOTATED_BY_KERNEL)
		dma_fence_end_signalling(cookie);
	else
		play_end_own(play->script, cookie);
}

static void play_wait(struct lock_play *play)
{
	if (play->script->annotation == ANNOTATED_BY_KERNEL)
		dma_fence_wait(&play->fence, false);
	else
		play_wait_own(play->script);
}

/* A signalling section of its own; that the fence is signalled already does not matter to it. */
static void play_signal(struct lock_play *play)
{
	if (play->script->annotation == ANNOTATED_BY_KERNEL)
		dma_fence_signal(&play->fence);
	else
		play_end_own(play->script, play_begin_own(play->script));
}

static void play_step(struct lock_play *play, const struct script_step *step)
{
	struct lockdep_map *lock = &play->script->locks[step->lock];

	switch (step->word) {
	case SCRIPT_BEGIN:
		play_begin(play);
		play->sections++;
		break;
	case SCRIPT_END:
		play->sections--;
		play_end(play, play->sections > 0);
		break;
	case SCRIPT_WAIT:
		play_wait(play);
		break;
	case SCRIPT_SIGNAL:
		play_signal(play);
		break;
	case SCRIPT_LOCK:
	case SCRIPT_TRYLOCK:
		lock_acquire(lock, 0, step->word == SCRIPT_TRYLOCK, step->read, 1, NULL, _THIS_IP_);
		break;
	case SCRIPT_UNLOCK:
		lock_release(lock, _THIS_IP_);
		break;
	default:
		break;
	}
}

static unsigned long play_switches(void)
{
	return current->nvcsw + current->nivcsw;
}

/*
 * While lockdep is off, it does not see what is taken and released. So it may go on only where nothing but this thread
 * and whole interrupts have run since: on one processor, without a switch. What this thread held is forgotten, as
 * lockdep_init_task() does.
 */
static bool play_rearm(const struct lock_play *play)
{
	unsigned long flags;
	bool alone;

	raw_local_irq_save(flags);
	alone = num_online_cpus() == 1 && play_switches() == play->switches;
	if (alone) {
		current->lockdep_depth = 0;
		current->curr_chain_key = INITIAL_CHAIN_KEY;
		debug_locks = 1;
	}
	raw_local_irq_restore(flags);
	return alone;
}

static void play_steps(struct lock_play *play)
{
	struct play_result *result = play->result;
	struct lock_script *script = play->script;
	unsigned int i;

	for (i = 0; i < script->nr_steps; i++) {
		play->switches = play_switches();
		play_step(play, &script->steps[i]);
		if (!debug_locks) {
			result->reported = true;
			result->step = i;
			result->rearmed = play_rearm(play);
			return;
		}
	}
}

static int play_thread(void *data)
{
	struct lock_play *play = data;

	/* Nobody who has less to do than an interrupt gets between a report and play_rearm(). */
	sched_set_fifo(current);
	play_steps(play);
	kthread_complete_and_exit(&play->done, 0);
}

static int play_in_thread(struct lock_play *play)
{
	struct task_struct *task = kthread_run(play_thread, play, "lockdep_play");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&play->done);
	return 0;
}

/**
 * lockdep_play() - play a script
 * @script: a valid one
 * @result: what came of it
 *
 * A report goes to the kernel's log, and not to the console: a slow one would let others run.
 *
 * Return: 0, -ENODEV where lockdep is off, or that no thread can be made.
 */
int lockdep_play(struct lock_script *script, struct play_result *result)
{
	struct lock_play play = { .script = script, .result = result };
	int level = console_loglevel;
	int err;

	if (!debug_locks)
		return -ENODEV;
	*result = (struct play_result){};
	init_completion(&play.done);
	spin_lock_init(&play.fence_lock);
	dma_fence_init(&play.fence, &play_fence_ops, &play.fence_lock, dma_fence_context_alloc(1), 1);
	dma_fence_signal(&play.fence);
	/* At zero, debug_locks_off() leaves it alone. */
	console_loglevel = 0;
	pr_info("begins\n");
	err = play_in_thread(&play);
	pr_info("ends\n");
	console_loglevel = level;
	return err;
}
