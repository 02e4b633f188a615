/* SPDX-License-Identifier: MIT */
#ifndef AGENT_KERNEL_SETTINGS_H
#define AGENT_KERNEL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Settings of the kernel that a load may need, changed for this process's run where this user may write them and they
 * are not good enough as they are.
 */

/* udmabuf's size_limit_mb admits a buffer of @bytes. */
void kernel_settings_admit_udmabuf(uint64_t bytes);

/*
 * Shared memory gets huge pages where madvise(MADV_HUGEPAGE) asks for them: the kernel's largest, or with @folio_bytes
 * those of this size alone (settings for each size: Linux 6.9).
 */
void kernel_settings_admit_huge_pages(uint64_t folio_bytes);

/* Whether shared memory gets them where they are asked for; true where a kernel does not tell of its largest. */
bool kernel_settings_has_huge_pages(uint64_t folio_bytes);

/*
 * What the machine has for shared memory's huge pages ("never", "advise", …), whatever is lent to a load just now: waits
 * for up to 10 s for its end. False where the kernel does not tell.
 */
bool kernel_settings_huge_pages(char *word, size_t room);

/* The pool of hugetlb pages (of the default size) has room for @bytes more. */
void kernel_settings_reserve_hugetlb(uint64_t bytes, uint64_t page_bytes);

/* The setting of a policy of cpufreq that caps its clock. Returns 0, or -1 with errno. */
int kernel_settings_cap_clock(const char *path, int64_t now_khz, uint64_t khz);

/* The gathers of the second refused series have @bytes, in whole pieces. Returns the bytes that they do have. */
uint64_t kernel_settings_gather_limit(uint64_t bytes);

/* Each processor's list of free pages is as short as the kernel has it at the least, until the restore. */
void kernel_settings_shorten_free_lists(void);
void kernel_settings_restore_free_lists(void);

/* Writes back what was changed. Async-signal-safe: also runs when the agent is stopped. */
void kernel_settings_restore(void);

#endif
