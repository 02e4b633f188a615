// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/dmabuf_lab_wrapfd: wraps dma-bufs, in either layout.
 */
#include <linux/dma-buf.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "lab_wrapfd.h"

static bool lab_closes_on_exec(unsigned int fd)
{
	struct fdtable *table;
	bool closes;

	rcu_read_lock();
	table = files_fdtable(current->files);
	closes = fd < table->max_fds && test_bit(fd, table->close_on_exec);
	rcu_read_unlock();
	return closes;
}

/*
 * Both layouts have the same size, so the same request. In the current one the
 * second word is reserved; in the earlier one it holds what may be done, and
 * the first is a descriptor that fills all of it.
 */
static int lab_wrapfd_read_wrap(const void __user *user, struct lab_wrapfd_wrap *wrap)
{
	if (copy_from_user(wrap, user, sizeof(*wrap)))
		return -EFAULT;
	if (wrap->reserved && !wrap->prot) {
		struct lab_wrapfd_wrap_earlier earlier = { .fd = wrap->fd, .prot = wrap->reserved };

		if (earlier.prot & ~(u64)(PROT_READ | PROT_WRITE))
			return -EINVAL;
		wrap->prot = earlier.prot;
		wrap->reserved = 0;
	}
	return wrap->reserved || wrap->prot & ~(PROT_READ | PROT_WRITE) ? -EINVAL : 0;
}

static int lab_wrapfd_wrap(const void __user *user)
{
	struct lab_wrapfd_wrap wrap;
	struct dma_buf *dmabuf;
	int fd;

	fd = lab_wrapfd_read_wrap(user, &wrap);
	if (fd)
		return fd;
	dmabuf = dma_buf_get(wrap.fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	fd = lab_wrapfd_create(dmabuf, wrap.prot, lab_closes_on_exec(wrap.fd));
	dma_buf_put(dmabuf);
	return fd;
}

static int lab_wrapfd_state_earlier(void __user *user)
{
	struct lab_wrapfd_state_earlier state;
	struct lab_wrap *wrap;
	struct file *file;

	if (copy_from_user(&state, user, sizeof(state)))
		return -EFAULT;
	if (state.fd < 0 || state.fd > INT_MAX)
		return -EBADF;
	file = fget(state.fd);
	if (!file)
		return -EBADF;
	wrap = lab_wrap_of(file);
	if (wrap)
		state.state = lab_wrap_state(wrap);
	fput(file);
	if (!wrap)
		return -ENOTTY;
	return copy_to_user(user, &state, sizeof(state)) ? -EFAULT : 0;
}

static long lab_wrapfd_device_ioctl(struct file *device, unsigned int command, unsigned long address)
{
	void __user *user = (void __user *)address;

	switch (command) {
	case LAB_WRAPFD_IOC_WRAP:
		return lab_wrapfd_wrap(user);
	case LAB_WRAPFD_IOC_STATE_EARLIER:
		return lab_wrapfd_state_earlier(user);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations lab_wrapfd_device_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = lab_wrapfd_device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

struct miscdevice lab_wrapfd_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dmabuf_lab_wrapfd",
	.fops = &lab_wrapfd_device_operations,
	.mode = 0600,
};
