/* SPDX-License-Identifier: MIT */
#include <sys/auxv.h>
#include <unistd.h>

#include "system/own_program.h"

const char *own_program(void)
{
	static const char link[] = "/proc/self/exe";

	return access(link, X_OK) == 0 ? link : (const char *)getauxval(AT_EXECFN);
}
