/* SPDX-License-Identifier: MIT */
#ifndef AGENT_KERNEL_SETTINGS_H
#define AGENT_KERNEL_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Settings of the kernel that a load may need, changed for this process's run where this user may write them and they
 * are not good enough as they are.
 */

/* udmabuf's size_limit_mb admits a buffer of @bytes. */
void kernel_settings_admit_udmabuf(uint64_t bytes);

/* Shared memory gets huge pages where madvise(MADV_HUGEPAGE) asks for them. */
void kernel_settings_admit_huge_pages(void);

/* Whether shared memory gets huge pages where they are asked for; true where the kernel does not tell. */
bool kernel_settings_has_huge_pages(void);

/* The gathers of the second refused series have @bytes, in whole pieces. Returns the bytes that they do have. */
uint64_t kernel_settings_gather_limit(uint64_t bytes);

/* Each processor's list of free pages is as short as the kernel has it at the least, until the restore. */
void kernel_settings_shorten_free_lists(void);
void kernel_settings_restore_free_lists(void);

/* Writes back what was changed. Async-signal-safe: also runs when the agent is stopped. */
void kernel_settings_restore(void);

#endif
