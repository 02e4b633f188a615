// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/dmabuf_lab_lockdep: a script that is written there, in one piece, is played before write() returns.
 * What is read from there is the answer to the last one:
 *
 *   report STEP rearmed|off    steps are counted from 0, each "thread" is one
 *   no report
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "lockdep_play.h"
#include "lockdep_script.h"

#define SCRIPT_MAX_BYTES SZ_256K

/* One script at a time. */
static DEFINE_MUTEX(answer_lock);
static char answer[64];
static struct dentry *script_file;

static void tell(const struct play_result *result)
{
	if (result->reported)
		scnprintf(answer, sizeof(answer), "report %u %s\n", result->step, result->rearmed ? "rearmed" : "off");
	else
		strscpy(answer, "no report\n", sizeof(answer));
}

static int play_text(char *text)
{
	struct lock_script *script = lock_script_parse(text);
	struct play_result result;
	int err;

	if (IS_ERR(script))
		return PTR_ERR(script);
	err = lockdep_play(script, &result);
	lock_script_destroy(script);
	if (!err)
		tell(&result);
	return err;
}

static ssize_t script_write(struct file *file, const char __user *from, size_t bytes, loff_t *offset)
{
	char *text;
	int err;

	if (bytes > SCRIPT_MAX_BYTES)
		return -E2BIG;
	text = memdup_user_nul(from, bytes);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&answer_lock);
	err = play_text(text);
	mutex_unlock(&answer_lock);
	kfree(text);
	return err ?: bytes;
}

static ssize_t script_read(struct file *file, char __user *to, size_t bytes, loff_t *offset)
{
	ssize_t got;

	mutex_lock(&answer_lock);
	got = simple_read_from_buffer(to, bytes, offset, answer, strlen(answer));
	mutex_unlock(&answer_lock);
	return got;
}

static const struct file_operations script_operations = {
	.owner = THIS_MODULE,
	.read = script_read,
	.write = script_write,
};

static int __init lockdep_device_init(void)
{
	script_file = debugfs_create_file("dmabuf_lab_lockdep", 0600, NULL, NULL, &script_operations);
	return PTR_ERR_OR_ZERO(script_file);
}

static void __exit lockdep_device_exit(void)
{
	debugfs_remove(script_file);
}

module_init(lockdep_device_init);
module_exit(lockdep_device_exit);
MODULE_DESCRIPTION("Play lock and fence scenarios to lockdep");
MODULE_LICENSE("GPL");
