// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own udmabuf as a module, for a kernel of Debian's that is configured without it. kernel_udmabuf.c is
 * drivers/dma-buf/udmabuf.c of that kernel's source, as it is; here are the two functions that it asks about a memfd
 * and that modules do not get.
 */
#include <linux/dma-buf.h>
#include <linux/hugetlb.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>

static bool is_of_hugetlbfs(struct file *file)
{
	return file_inode(file)->i_sb->s_magic == HUGETLBFS_MAGIC;
}

/* As memfd_fcntl(file, F_GET_SEALS, 0), which is all that udmabuf asks (mm/memfd.c). */
static int seals_of(struct file *file)
{
	if (shmem_mapping(file->f_mapping))
		return SHMEM_I(file_inode(file))->seals;
	if (is_of_hugetlbfs(file))
		return HUGETLBFS_I(file_inode(file))->seals;
	return -EINVAL;
}

#define is_file_hugepages(file) is_of_hugetlbfs(file)
#define memfd_fcntl(file, command, argument) seals_of(file)

#include "kernel_udmabuf.c"

MODULE_IMPORT_NS(DMA_BUF);
