// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the dmabuf_lab module, run on a device that has it loaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "tests.h"

#define RANDOM_CALLS 2000

static int usage(void)
{
	fprintf(stderr, "module_test content|memory|io-error|import|"
			"protected-heaps|udmabuf-bookkeeping|udmabuf-limits|wrapfd|allocation-failure FOLDER\n"
			"module_test refusals FOLDER [RANDOM-CALLS]\n"
			"module_test kill-stress FOLDER SECONDS CALLERS\n");
	return 2;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return usage();
	if (!strcmp(argv[1], "content") && argc == 3)
		test_content(argv[2]);
	else if (!strcmp(argv[1], "refusals") && (argc == 3 || argc == 4))
		test_refusals(argv[2], argc == 4 ? atoi(argv[3]) : RANDOM_CALLS);
	else if (!strcmp(argv[1], "memory") && argc == 3)
		test_memory_limits(argv[2]);
	else if (!strcmp(argv[1], "io-error") && argc == 3)
		test_io_error(argv[2]);
	else if (!strcmp(argv[1], "import") && argc == 3)
		test_import(argv[2]);
	else if (!strcmp(argv[1], "protected-heaps") && argc == 3)
		test_protected_heaps(argv[2]);
	else if (!strcmp(argv[1], "udmabuf-bookkeeping") && argc == 3)
		test_udmabuf_bookkeeping(argv[2]);
	else if (!strcmp(argv[1], "udmabuf-limits") && argc == 3)
		test_udmabuf_limits(argv[2]);
	else if (!strcmp(argv[1], "wrapfd") && argc == 3)
		test_wrapfd(argv[2]);
	else if (!strcmp(argv[1], "allocation-failure") && argc == 3)
		test_allocation_failure(argv[2]);
	else if (!strcmp(argv[1], "kill-stress") && argc == 5)
		test_kill_stress(argv[2], atoi(argv[3]), atoi(argv[4]));
	else
		return usage();
	return report_end();
}
