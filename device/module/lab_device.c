// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/dmabuf_lab: checks arguments, runs loads, gives timings back.
 */
#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/iosys-map.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "dmabuf_lab.h"
#include "lab_wrapfd.h"

#define LAB_MAX_READERS 16
#define LAB_MIN_GATHER_BYTES SZ_64K

static int lab_check_gathers(struct dmabuf_lab_read *arg)
{
	if (!(arg->flags & DMABUF_LAB_ASYNC))
		return arg->readers || arg->gather_bytes ? -EINVAL : 0;
	if (!arg->readers || arg->readers > LAB_MAX_READERS)
		return -EINVAL;
	if (!arg->gather_bytes)
		arg->gather_bytes = min(DMABUF_LAB_DEFAULT_GATHER_BYTES, lab_max_gather_bytes());
	if (!PAGE_ALIGNED(arg->gather_bytes) || arg->gather_bytes < LAB_MIN_GATHER_BYTES ||
	    arg->gather_bytes > lab_max_gather_bytes())
		return -EINVAL;
	if (DIV64_U64_ROUND_UP(arg->bytes, arg->gather_bytes) > DMABUF_LAB_MAX_GATHERS)
		return -EINVAL;
	return 0;
}

/* Checks what needs no descriptor, and fills in defaults. */
static int lab_check_arguments(struct dmabuf_lab_read *arg, u32 known_flags)
{
	if (memchr_inv(arg->reserved, 0, sizeof(arg->reserved)))
		return -EINVAL;
	if (arg->flags & ~known_flags || (arg->flags & DMABUF_LAB_ASYNC && arg->flags & DMABUF_LAB_PIPE))
		return -EINVAL;
	if (!arg->bytes || !arg->gathers != !arg->gathers_capacity)
		return -EINVAL;
	if (arg->bytes > lab_max_bytes())
		return -EFBIG;
	if (!PAGE_ALIGNED(arg->file_offset) || !PAGE_ALIGNED(arg->buffer_offset) ||
	    arg->file_offset > LLONG_MAX - PAGE_ALIGN(arg->bytes))
		return -EINVAL;
	return lab_check_gathers(arg);
}

static struct file *lab_get_file(const struct dmabuf_lab_read *arg)
{
	struct file *file = fget(arg->file_fd);
	int err = 0;

	if (!file)
		return ERR_PTR(-EBADF);
	if (!S_ISREG(file_inode(file)->i_mode))
		err = -EINVAL;
	else if (!(file->f_mode & FMODE_READ))
		err = -EBADF;
	else if (!file->f_op->read_iter)
		err = -EINVAL;
	else if (i_size_read(file_inode(file)) < arg->file_offset + arg->bytes)
		err = -ENODATA;
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

static int lab_copy_timings(struct lab_load *load, struct dmabuf_lab_read *arg)
{
	struct dmabuf_lab_gather __user *to = u64_to_user_ptr(arg->gathers);
	unsigned int count = min(load->nr_gathers, arg->gathers_capacity);
	unsigned int i;

	arg->gathers_count = load->nr_gathers;
	for (i = 0; i < count; i++) {
		if (copy_to_user(&to[i], &load->gathers[i].timing, sizeof(*to)))
			return -EFAULT;
	}
	return 0;
}

/* Last step of a load: nothing can fail once the descriptor is installed. */
static int lab_install(struct dma_buf *dmabuf, struct dmabuf_lab_read *arg, struct dmabuf_lab_read __user *user)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return fd;
	arg->dmabuf_fd = fd;
	if (copy_to_user(user, arg, sizeof(*arg))) {
		put_unused_fd(fd);
		return -EFAULT;
	}
	fd_install(fd, dmabuf->file);
	return 0;
}

static int lab_export(struct lab_load *load, struct dmabuf_lab_read *arg, struct dmabuf_lab_read __user *user)
{
	struct dma_buf *dmabuf;
	int err;

	arg->create_begin_ns = ktime_get_ns();
	dmabuf = lab_buffer_export(load);
	arg->create_end_ns = ktime_get_ns();
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	err = lab_copy_timings(load, arg);
	if (!err)
		err = lab_install(dmabuf, arg, user);
	if (err)
		dma_buf_put(dmabuf);
	return err;
}

static int lab_load_allocating(struct lab_load *load, const struct dmabuf_lab_read *arg)
{
	if (arg->flags & DMABUF_LAB_ASYNC)
		return lab_load_overlapped(load, arg->readers);
	return lab_load_serial(load);
}

static int lab_alloc_and_read(struct dmabuf_lab_read *arg, struct dmabuf_lab_read __user *user)
{
	struct lab_load *load;
	struct file *file;
	int err;

	if (arg->buffer_offset)
		return -EINVAL;
	file = lab_get_file(arg);
	if (IS_ERR(file))
		return PTR_ERR(file);
	load = lab_load_create(file, arg);
	if (IS_ERR(load)) {
		fput(file);
		return PTR_ERR(load);
	}
	err = lab_load_hold(load, PAGE_ALIGN(arg->bytes));
	if (!err)
		err = lab_load_allocating(load, arg);
	if (!err)
		err = lab_export(load, arg, user);
	lab_load_destroy(load);
	fput(file);
	return err;
}

static int lab_read_mapped(struct dma_buf *dmabuf, void *vaddr, struct lab_load *load, struct dmabuf_lab_read *arg)
{
	int err, end_err;

	err = lab_load_map(load, vaddr + arg->buffer_offset);
	arg->map_end_ns = ktime_get_ns();
	if (err)
		return err;
	err = dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	if (err)
		return err;
	err = lab_load_into(load, arg);
	end_err = dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	return err ?: end_err;
}

static int lab_read_into_dmabuf(struct dma_buf *dmabuf, struct lab_load *load, struct dmabuf_lab_read *arg)
{
	struct iosys_map map;
	int err;

	if (!(dmabuf->file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (arg->buffer_offset > dmabuf->size || PAGE_ALIGN(arg->bytes) > dmabuf->size - arg->buffer_offset)
		return -EINVAL;
	arg->map_begin_ns = ktime_get_ns();
	err = dma_buf_vmap_unlocked(dmabuf, &map);
	if (err)
		return err == -EINVAL ? -EOPNOTSUPP : err;
	if (map.is_iomem)
		err = -EOPNOTSUPP;
	else
		err = lab_read_mapped(dmabuf, map.vaddr, load, arg);
	dma_buf_vunmap_unlocked(dmabuf, &map);
	return err;
}

static int lab_read_into(struct dmabuf_lab_read *arg, struct dmabuf_lab_read __user *user)
{
	struct dma_buf *dmabuf;
	struct lab_load *load;
	struct file *file;
	int err;

	file = lab_get_file(arg);
	if (IS_ERR(file))
		return PTR_ERR(file);
	dmabuf = dma_buf_get(arg->dmabuf_fd);
	if (IS_ERR(dmabuf)) {
		err = PTR_ERR(dmabuf);
		goto put_file;
	}
	load = lab_load_create(file, arg);
	if (IS_ERR(load)) {
		err = PTR_ERR(load);
		goto put_dmabuf;
	}
	err = lab_read_into_dmabuf(dmabuf, load, arg);
	if (!err)
		err = lab_copy_timings(load, arg);
	if (!err && copy_to_user(user, arg, sizeof(*arg)))
		err = -EFAULT;
	lab_load_destroy(load);
put_dmabuf:
	dma_buf_put(dmabuf);
put_file:
	fput(file);
	return err;
}

static int lab_info(struct dmabuf_lab_info __user *user)
{
	struct dmabuf_lab_info info = {
		.abi_version = DMABUF_LAB_ABI_VERSION,
		.max_readers = LAB_MAX_READERS,
		.max_bytes = lab_max_bytes(),
		.min_gather_bytes = LAB_MIN_GATHER_BYTES,
		.max_gather_bytes = lab_max_gather_bytes(),
	};

	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}

static int lab_run(unsigned int command, struct dmabuf_lab_read __user *user)
{
	bool into = command == DMABUF_LAB_IOC_READ_INTO;
	struct dmabuf_lab_read arg;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	err = lab_check_arguments(&arg, into ? DMABUF_LAB_ASYNC | DMABUF_LAB_PIPE : DMABUF_LAB_ASYNC);
	if (err)
		return err;
	arg.map_begin_ns = 0;
	arg.map_end_ns = 0;
	arg.create_begin_ns = 0;
	arg.create_end_ns = 0;
	return into ? lab_read_into(&arg, user) : lab_alloc_and_read(&arg, user);
}

static long lab_ioctl(struct file *device, unsigned int command, unsigned long address)
{
	void __user *user = (void __user *)address;

	switch (command) {
	case DMABUF_LAB_IOC_INFO:
		return lab_info(user);
	case DMABUF_LAB_IOC_ALLOC_AND_READ:
	case DMABUF_LAB_IOC_READ_INTO:
		return lab_run(command, user);
	case DMABUF_LAB_IOC_IMPORT:
		return lab_import(user);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations lab_file_operations = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = lab_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice lab_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dmabuf_lab",
	.fops = &lab_file_operations,
	.mode = 0600,
};

static int __init lab_init(void)
{
	int err;

	err = lab_importer_create();
	if (err)
		return err;
	err = misc_register(&lab_device);
	if (err)
		goto destroy_importer;
	err = misc_register(&lab_wrapfd_device);
	if (err)
		goto deregister_device;
	return 0;

deregister_device:
	misc_deregister(&lab_device);
destroy_importer:
	lab_importer_destroy();
	return err;
}

static void __exit lab_exit(void)
{
	misc_deregister(&lab_wrapfd_device);
	misc_deregister(&lab_device);
	lab_importer_destroy();
}

module_init(lab_init);
module_exit(lab_exit);
MODULE_DESCRIPTION("Load files into dma-bufs inside the kernel, with timings");
MODULE_LICENSE("GPL");
