// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a script. A line is one word with its numbers, and locks are numbered from 0 in their order:
 *
 *   annotation kernel|read|trylock
 *   class NAME               the next class
 *   instance CLASS           the next lock, of that class
 *   thread                   what follows is done by a thread that holds nothing
 *   begin-signalling, end-signalling, wait, signal
 *   lock LOCK READ, trylock LOCK READ, unlock LOCK
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/parser.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "lockdep_script.h"

static const match_table_t script_words = {
	{ SCRIPT_THREAD, "thread" },
	{ SCRIPT_BEGIN, "begin-signalling" },
	{ SCRIPT_END, "end-signalling" },
	{ SCRIPT_WAIT, "wait" },
	{ SCRIPT_SIGNAL, "signal" },
	{ SCRIPT_LOCK, "lock %u %u" },
	{ SCRIPT_TRYLOCK, "trylock %u %u" },
	{ SCRIPT_UNLOCK, "unlock %u" },
	{ SCRIPT_CLASS, "class %s" },
	{ SCRIPT_INSTANCE, "instance %u" },
	{ SCRIPT_KERNEL, "annotation kernel" },
	{ SCRIPT_READ, "annotation read" },
	{ SCRIPT_TRIED, "annotation trylock" },
	{ SCRIPT_UNKNOWN, NULL },
};

static int script_add_class(struct lock_script *script, const char *line)
{
	struct script_class *class = &script->classes[script->nr_classes];

	/* A name may have blanks, at which match_token() ends a string. */
	if (strscpy(class->name, line + strlen("class "), sizeof(class->name)) <= 0)
		return -EINVAL;
	lockdep_register_key(&class->key);
	script->nr_classes++;
	return 0;
}

static int script_add_lock(struct lock_script *script, substring_t *number)
{
	struct script_class *class;
	unsigned int index;

	if (match_uint(number, &index) || index >= script->nr_classes)
		return -EINVAL;
	class = &script->classes[index];
	lockdep_init_map(&script->locks[script->nr_locks++], class->name, &class->key, 0);
	return 0;
}

static int script_add_step(struct lock_script *script, enum script_word word, substring_t *numbers)
{
	struct script_step step = { .word = word };
	bool takes = word == SCRIPT_LOCK || word == SCRIPT_TRYLOCK;

	if (takes || word == SCRIPT_UNLOCK) {
		if (match_uint(&numbers[0], &step.lock) || step.lock >= script->nr_locks)
			return -EINVAL;
	}
	if (takes && (match_uint(&numbers[1], &step.read) || step.read > 2))
		return -EINVAL;
	if (word != SCRIPT_THREAD && !script->nr_steps)
		return -EINVAL;
	script->steps[script->nr_steps++] = step;
	return 0;
}

static int script_add_line(struct lock_script *script, char *line)
{
	substring_t numbers[MAX_OPT_ARGS];
	enum script_word word = match_token(line, script_words, numbers);

	switch (word) {
	case SCRIPT_CLASS:
		return script_add_class(script, line);
	case SCRIPT_INSTANCE:
		return script_add_lock(script, &numbers[0]);
	case SCRIPT_KERNEL:
		script->annotation = ANNOTATED_BY_KERNEL;
		return 0;
	case SCRIPT_READ:
		script->annotation = ANNOTATED_AS_READ;
		return 0;
	case SCRIPT_TRIED:
		script->annotation = ANNOTATED_AS_TRYLOCK;
		return 0;
	case SCRIPT_UNKNOWN:
		return -EINVAL;
	default:
		return script_add_step(script, word, numbers);
	}
}

static struct lock_script *script_create(unsigned int nr_lines)
{
	struct lock_script *script = kzalloc(sizeof(*script), GFP_KERNEL);

	if (!script)
		return NULL;
	strscpy(script->fence_class.name, "dma_fence_map", sizeof(script->fence_class.name));
	lockdep_register_key(&script->fence_class.key);
	lockdep_init_map(&script->fence_map, script->fence_class.name, &script->fence_class.key, 0);
	script->classes = kvcalloc(nr_lines, sizeof(*script->classes), GFP_KERNEL);
	script->locks = kvcalloc(nr_lines, sizeof(*script->locks), GFP_KERNEL);
	script->steps = kvcalloc(nr_lines, sizeof(*script->steps), GFP_KERNEL);
	if (!script->classes || !script->locks || !script->steps) {
		lock_script_destroy(script);
		return NULL;
	}
	return script;
}

/**
 * lock_script_parse() - make a script of its text
 * @text: the lines; changed by this
 *
 * Return: the script, or -EINVAL for a line that is none, -ENOMEM.
 */
struct lock_script *lock_script_parse(char *text)
{
	struct lock_script *script;
	unsigned int nr_lines = 1;
	const char *at;
	char *line;
	int err = 0;

	for (at = text; *at; at++)
		nr_lines += *at == '\n';
	script = script_create(nr_lines);
	if (!script)
		return ERR_PTR(-ENOMEM);
	while (!err && (line = strsep(&text, "\n")) != NULL) {
		if (*line)
			err = script_add_line(script, line);
	}
	if (err) {
		lock_script_destroy(script);
		return ERR_PTR(err);
	}
	return script;
}

/* lockdep forgets the classes, and every order and chain that they are in. */
void lock_script_destroy(struct lock_script *script)
{
	unsigned int i;

	for (i = 0; i < script->nr_classes; i++)
		lockdep_unregister_key(&script->classes[i].key);
	lockdep_unregister_key(&script->fence_class.key);
	kvfree(script->steps);
	kvfree(script->locks);
	kvfree(script->classes);
	kfree(script);
}
