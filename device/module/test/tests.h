/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_H
#define TESTS_H

/* Each works in a folder on the file system to read from. */
void test_content(const char *folder);
void test_refusals(const char *folder, int random_calls);
void test_memory_limits(const char *folder);
void test_io_error(const char *folder);
void test_wrapfd(const char *folder);
void test_import(const char *folder);
void test_protected_heaps(const char *folder);
void test_udmabuf_bookkeeping(const char *folder);
void test_udmabuf_limits(const char *folder);
void test_allocation_failure(const char *folder);

/* @callers processes at once, killed at random for @seconds. */
void test_kill_stress(const char *folder, unsigned int seconds, unsigned int callers);

#endif
