/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plays a script to lockdep.
 */
#ifndef LOCKDEP_PLAY_H
#define LOCKDEP_PLAY_H

#include <linux/types.h>

struct lock_script;

/**
 * struct play_result - what lockdep made of a script
 * @reported: it reported, and the playing ended there
 * @step: index of the step that it reported at
 * @rearmed: lockdep, which is off after a report, has been turned on again
 */
struct play_result {
	bool reported;
	unsigned int step;
	bool rearmed;
};

int lockdep_play(struct lock_script *script, struct play_result *result);

#endif /* LOCKDEP_PLAY_H */
