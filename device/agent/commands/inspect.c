/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands/commands.h"
#include "file/input_file.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"

int command_inspect(int count, char **words)
{
	struct argument arguments[] = { { "path", NULL } };
	struct input_file file;
	char real[PATH_MAX];
	int code;

	if (!arguments_parse(count, words, arguments, 1))
		return EXIT_USAGE;
	code = input_file_open(arguments[0].value, &file);
	if (code)
		return code;
	close(file.fd);
	json_line("inspected");
	json_string("path", realpath(arguments[0].value, real) ? real : arguments[0].value);
	json_number("bytes", (int64_t)file.bytes);
	json_line_end();
	return EXIT_DONE;
}
