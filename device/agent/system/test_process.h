/* SPDX-License-Identifier: MIT */
#ifndef AGENT_TEST_PROCESS_H
#define AGENT_TEST_PROCESS_H

/*
 * "PID" of a program that runs tests: tests measure side by side, and nobody keeps their figures. It counts only below
 * that very process, so that a variable left over in somebody's shell lets no two labs measure each other.
 */
#define CLAIM_OF_TEST "DMABUF_LAB_TEST_CLAIM"

/* The process whose tests these are, or 0. */
long test_process(void);

#endif
