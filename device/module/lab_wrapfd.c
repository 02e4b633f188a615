// SPDX-License-Identifier: GPL-2.0
/*
 * The descriptor of a wrapped dma-buf.
 */
#include <linux/anon_inodes.h>
#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "lab_wrapfd.h"

static const struct file_operations lab_wrapfd_operations;

/* NULL where the file is no wrapfd. */
struct lab_wrap *lab_wrap_of(struct file *file)
{
	return file->f_op == &lab_wrapfd_operations ? file->private_data : NULL;
}

u32 lab_wrap_state(struct lab_wrap *wrap)
{
	u32 state = LAB_WRAPFD_EMPTY;

	mutex_lock(&wrap->lock);
	if (wrap->dmabuf)
		state = wrap->writable ? LAB_WRAPFD_READ_WRITE : LAB_WRAPFD_READ_ONLY;
	mutex_unlock(&wrap->lock);
	return state;
}

static void lab_wrap_free(struct lab_wrap *wrap)
{
	if (wrap->dmabuf)
		dma_buf_put(wrap->dmabuf);
	put_pid(wrap->owner);
	mutex_destroy(&wrap->lock);
	kfree(wrap);
}

static int lab_wrapfd_release(struct inode *inode, struct file *file)
{
	lab_wrap_free(file->private_data);
	return 0;
}

/* The size of the buffer, as with the dma-buf. */
static loff_t lab_wrapfd_llseek(struct file *file, loff_t offset, int whence)
{
	struct lab_wrap *wrap = file->private_data;
	struct dma_buf *dmabuf = lab_wrap_begin_use(wrap);
	loff_t at;

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	at = vfs_llseek(dmabuf->file, offset, whence);
	lab_wrap_end_use(wrap);
	return at;
}

static int lab_wrapfd_get_state(struct lab_wrap *wrap, void __user *user)
{
	struct lab_wrapfd_state state;

	if (copy_from_user(&state, user, sizeof(state)))
		return -EFAULT;
	if (state.pad || state.reserved)
		return -EINVAL;
	state.state = lab_wrap_state(wrap);
	return copy_to_user(user, &state, sizeof(state)) ? -EFAULT : 0;
}

static int lab_wrapfd_load(struct lab_wrap *wrap, void __user *user)
{
	struct lab_wrapfd_load load;

	if (copy_from_user(&load, user, sizeof(load)))
		return -EFAULT;
	return lab_wrap_load(wrap, &load);
}

static int lab_wrapfd_load_earlier(struct lab_wrap *wrap, void __user *user)
{
	struct lab_wrapfd_load_earlier earlier;
	struct lab_wrapfd_load load = {};

	if (copy_from_user(&earlier, user, sizeof(earlier)))
		return -EFAULT;
	if (earlier.fd < 0 || earlier.fd > INT_MAX)
		return -EBADF;
	load.fd = earlier.fd;
	load.file_offs = earlier.file_offs;
	load.buf_offs = earlier.buf_offs;
	load.len = earlier.len;
	return lab_wrap_load(wrap, &load);
}

static int lab_wrapfd_empty(struct lab_wrap *wrap)
{
	struct dma_buf *dmabuf = NULL;
	int err;

	mutex_lock(&wrap->lock);
	err = lab_wrap_may_change(wrap);
	if (!err)
		swap(dmabuf, wrap->dmabuf);
	mutex_unlock(&wrap->lock);
	if (dmabuf)
		dma_buf_put(dmabuf);
	return err;
}

/* The new descriptor has a reference of its own before the old one lets go: an error leaves all as it was. */
static int lab_wrapfd_rewrap(struct lab_wrap *wrap, u64 prot)
{
	struct dma_buf *dmabuf = NULL;
	int fd;

	if (prot & ~(u64)(PROT_READ | PROT_WRITE))
		return -EINVAL;
	mutex_lock(&wrap->lock);
	fd = lab_wrap_may_change(wrap);
	if (!fd)
		fd = lab_wrapfd_create(wrap->dmabuf, prot, wrap->close_on_exec);
	if (fd >= 0)
		swap(dmabuf, wrap->dmabuf);
	mutex_unlock(&wrap->lock);
	if (dmabuf)
		dma_buf_put(dmabuf);
	return fd;
}

static int lab_wrapfd_rewrap_now(struct lab_wrap *wrap, void __user *user)
{
	struct lab_wrapfd_rewrap rewrap;

	if (copy_from_user(&rewrap, user, sizeof(rewrap)))
		return -EFAULT;
	return rewrap.pad || rewrap.reserved ? -EINVAL : lab_wrapfd_rewrap(wrap, rewrap.prot);
}

static int lab_wrapfd_rewrap_earlier(struct lab_wrap *wrap, void __user *user)
{
	struct lab_wrapfd_rewrap_earlier rewrap;

	if (copy_from_user(&rewrap, user, sizeof(rewrap)))
		return -EFAULT;
	return lab_wrapfd_rewrap(wrap, rewrap.prot);
}

/* DMA_BUF_IOCTL_SYNC, DMA_BUF_SET_NAME and whatever else the dma-buf knows. */
static long lab_wrapfd_ask_dmabuf(struct lab_wrap *wrap, unsigned int command, unsigned long address)
{
	struct dma_buf *dmabuf = lab_wrap_begin_use(wrap);
	long ret;

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	ret = dmabuf->file->f_op->unlocked_ioctl(dmabuf->file, command, address);
	lab_wrap_end_use(wrap);
	return ret;
}

static long lab_wrapfd_ioctl(struct file *file, unsigned int command, unsigned long address)
{
	struct lab_wrap *wrap = file->private_data;
	void __user *user = (void __user *)address;

	switch (command) {
	case LAB_WRAPFD_IOC_STATE:
		return lab_wrapfd_get_state(wrap, user);
	case LAB_WRAPFD_IOC_ACQUIRE:
		return lab_wrap_acquire(wrap);
	case LAB_WRAPFD_IOC_RELEASE:
		return lab_wrap_release(wrap);
	case LAB_WRAPFD_IOC_LOAD:
		return lab_wrapfd_load(wrap, user);
	case LAB_WRAPFD_IOC_LOAD_EARLIER:
		return lab_wrapfd_load_earlier(wrap, user);
	case LAB_WRAPFD_IOC_REWRAP:
		return lab_wrapfd_rewrap_now(wrap, user);
	case LAB_WRAPFD_IOC_REWRAP_EARLIER:
		return lab_wrapfd_rewrap_earlier(wrap, user);
	case LAB_WRAPFD_IOC_EMPTY:
		return lab_wrapfd_empty(wrap);
	case LAB_WRAPFD_IOC_ALLOW_GUESTS:
		return lab_wrap_let_guests(wrap, true);
	case LAB_WRAPFD_IOC_PROHIBIT_GUESTS:
		return lab_wrap_let_guests(wrap, false);
	default:
		return lab_wrapfd_ask_dmabuf(wrap, command, address);
	}
}

static void lab_wrapfd_show(struct seq_file *to, struct file *file)
{
	struct lab_wrap *wrap = file->private_data;

	mutex_lock(&wrap->lock);
	if (lab_wrap_is_owned(wrap))
		seq_printf(to, "owner:\t%d\n", pid_vnr(wrap->owner));
	else
		seq_puts(to, "owner:\t<none>\n");
	seq_printf(to, "guests:\t%s\nmaps:\t%lu\nempty:\t%s\n", wrap->guests ? "yes" : "no", wrap->maps,
		   wrap->dmabuf ? "no" : "yes");
	if (wrap->dmabuf) {
		seq_printf(to, "rdonly:\t%s\nsize:\t%zu\nexp_name:\t%s\n", wrap->writable ? "no" : "yes",
			   wrap->dmabuf->size, wrap->dmabuf->exp_name);
		spin_lock(&wrap->dmabuf->name_lock);
		if (wrap->dmabuf->name)
			seq_printf(to, "name:\t%s\n", wrap->dmabuf->name);
		spin_unlock(&wrap->dmabuf->name_lock);
	}
	mutex_unlock(&wrap->lock);
}

static const struct file_operations lab_wrapfd_operations = {
	.owner = THIS_MODULE,
	.release = lab_wrapfd_release,
	.llseek = lab_wrapfd_llseek,
	.mmap = lab_wrap_map,
	.unlocked_ioctl = lab_wrapfd_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = lab_wrapfd_show,
};

static struct lab_wrap *lab_wrap_alloc(struct dma_buf *dmabuf, bool writable, bool close_on_exec)
{
	struct lab_wrap *wrap = kzalloc(sizeof(*wrap), GFP_KERNEL_ACCOUNT);

	if (!wrap)
		return NULL;
	mutex_init(&wrap->lock);
	get_dma_buf(dmabuf);
	wrap->dmabuf = dmabuf;
	wrap->writable = writable;
	wrap->close_on_exec = close_on_exec;
	return wrap;
}

/* A file with an inode of its own, for fstat() tells the buffer's size. */
static struct file *lab_wrapfd_file(struct lab_wrap *wrap)
{
	struct file *file =
		anon_inode_create_getfile("[dmabuf_lab_wrapfd]", &lab_wrapfd_operations, wrap, O_RDWR, NULL);

	if (!IS_ERR(file)) {
		i_size_write(file_inode(file), wrap->dmabuf->size);
		file->f_mode |= FMODE_LSEEK;
	}
	return file;
}

/**
 * lab_wrapfd_create - a new descriptor that wraps a dma-buf
 * @dmabuf: gets a reference more
 * @prot: PROT_READ and PROT_WRITE, nothing else
 * @close_on_exec: of the new descriptor
 *
 * Return: the descriptor, or -EACCES, -ENOMEM, -EMFILE.
 */
int lab_wrapfd_create(struct dma_buf *dmabuf, u32 prot, bool close_on_exec)
{
	bool writable = prot & PROT_WRITE;
	struct lab_wrap *wrap;
	struct file *file;
	int fd;

	if (writable && !(dmabuf->file->f_mode & FMODE_WRITE))
		return -EACCES;
	fd = get_unused_fd_flags(close_on_exec ? O_CLOEXEC : 0);
	if (fd < 0)
		return fd;
	wrap = lab_wrap_alloc(dmabuf, writable, close_on_exec);
	file = wrap ? lab_wrapfd_file(wrap) : ERR_PTR(-ENOMEM);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		if (wrap)
			lab_wrap_free(wrap);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
