/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scenario as it is played: its lock classes and locks, and what each thread does on each way through its steps.
 */
#ifndef LOCKDEP_SCRIPT_H
#define LOCKDEP_SCRIPT_H

#include <linux/lockdep.h>
#include <linux/types.h>

#define SCRIPT_NAME_BYTES 64

/* What dma_fence_begin_signalling() is to lockdep. */
enum script_annotation {
	/* What the running kernel's own function makes it. */
	ANNOTATED_BY_KERNEL,
	ANNOTATED_AS_READ,
	ANNOTATED_AS_TRYLOCK,
};

enum script_word {
	SCRIPT_THREAD,
	SCRIPT_BEGIN,
	SCRIPT_END,
	SCRIPT_WAIT,
	SCRIPT_SIGNAL,
	SCRIPT_LOCK,
	SCRIPT_TRYLOCK,
	SCRIPT_UNLOCK,
	/* Of these a script has no step. */
	SCRIPT_CLASS,
	SCRIPT_INSTANCE,
	SCRIPT_KERNEL,
	SCRIPT_READ,
	SCRIPT_TRIED,
	SCRIPT_UNKNOWN,
};

/**
 * struct script_step - one thing that a thread does; SCRIPT_THREAD begins the next thread
 * @word: what
 * @lock: index of the lock of SCRIPT_LOCK, SCRIPT_TRYLOCK, SCRIPT_UNLOCK
 * @read: how lock_acquire() takes it: 0 for writing, 1 for reading, 2 for reading recursively
 */
struct script_step {
	enum script_word word;
	unsigned int lock;
	unsigned int read;
};

/**
 * struct script_class - locks that are one to lockdep
 * @key: registered while the script lives
 * @name: what lockdep calls it; all locks of a class have this very pointer
 */
struct script_class {
	struct lock_class_key key;
	char name[SCRIPT_NAME_BYTES];
};

/**
 * struct lock_script - one scenario under one annotation
 * @annotation: of begin_signalling()
 * @fence_class: class of @fence_map
 * @fence_map: what the annotation takes, unless it is the kernel's own
 * @classes: all of them
 * @locks: all of them; nothing but what lockdep knows of a lock
 * @steps: of all threads, one after the other
 * @nr_classes: entries in @classes
 * @nr_locks: entries in @locks
 * @nr_steps: entries in @steps
 */
struct lock_script {
	enum script_annotation annotation;
	struct script_class fence_class;
	struct lockdep_map fence_map;
	struct script_class *classes;
	struct lockdep_map *locks;
	struct script_step *steps;
	unsigned int nr_classes;
	unsigned int nr_locks;
	unsigned int nr_steps;
};

struct lock_script *lock_script_parse(char *text);
void lock_script_destroy(struct lock_script *script);

#endif /* LOCKDEP_SCRIPT_H */
