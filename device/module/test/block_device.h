/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file system on a device-mapper device whose sectors can be made to fail.
 */
#ifndef BLOCK_DEVICE_H
#define BLOCK_DEVICE_H

#include <stdint.h>

/* Makes, formats and mounts it at FOLDER/faulty; ends the program on failure. */
void faulty_device_create(const char *folder, uint64_t bytes);

/* From now on reads of this range of the device fail with EIO. */
void faulty_device_break(uint64_t offset, uint64_t bytes);

void faulty_device_remove(void);

/* Where on the device a byte of a file is. */
uint64_t device_offset(const char *path, uint64_t file_offset);

#endif
