/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "test/fuzz/fuzz.h"

/* The main() of the agent, which is linked in, goes by another name. */
#undef main

/* Feeds kept inputs, one file each, where there is no libFuzzer. */
int main(int count, char **files)
{
	static uint8_t data[1 << 20];

	for (int i = 1; i < count; i++) {
		FILE *file = fopen(files[i], "rb");
		size_t size;

		if (!file) {
			perror(files[i]);
			return EXIT_FAILURE;
		}
		size = fread(data, 1, sizeof(data), file);
		fclose(file);
		fprintf(stderr, "%s\n", files[i]);
		LLVMFuzzerTestOneInput(data, size);
	}
	return EXIT_SUCCESS;
}
