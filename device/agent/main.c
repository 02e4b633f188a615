/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/version.h"
#include "protocol/watch_stdin.h"
#include "system/settings_keeper.h"
#include "system/sysfs.h"

static const struct command {
	const char *name;
	int (*run)(int count, char **words);
} commands[] = {
	{ "version", command_version }, { "schemes", command_schemes },	  { "probe", command_probe },
	{ "prepare", command_prepare }, { "inspect", command_inspect },	  { "measure", command_measure },
	{ "ceiling", command_ceiling }, { "pressure", command_pressure }, { "claim", command_claim },
	{ "clean", command_clean },
};

int command_version(int count, char **words)
{
	(void)words;
	if (count)
		return report_failure(BAD_INPUT, 0, "", "version takes no options");
	json_line("version");
	json_string("agent", AGENT_VERSION);
	json_number("protocol", PROTOCOL_VERSION);
	json_string("arch", AGENT_ARCH);
	json_line_end();
	return EXIT_DONE;
}

/*
 * Where memory runs out, this process goes and not the lab. A file that grows beyond the limit is an error with a name
 * and no signal.
 */
static void prepare_process(void)
{
	(void)sysfs_write("/proc/self/oom_score_adj", "1000");
	signal(SIGXFSZ, SIG_IGN);
}

int run_command(int count, char **words)
{
	const char *name = count > 0 ? words[0] : "";

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		prepare_process();
		/* version ends by itself at once, and is asked for by hand. */
		if (commands[i].run != command_version && watch_stdin())
			return EXIT_ERROR;
		return commands[i].run(count - 1, words + 1);
	}
	return report_failure(BAD_INPUT, 0,
			      "The commands are version, schemes, probe, prepare, inspect, measure, ceiling, pressure, "
			      "claim and clean, and request and serve, which read them from stdin.",
			      "\"%s\" is not a command", name);
}

int main(int count, char **words)
{
	const char *name = count > 1 ? words[1] : "";
	int code;

	if (strcmp(name, "serve") == 0)
		code = command_serve(count - 2, words + 2);
	else if (strcmp(name, "request") == 0)
		code = command_request(count - 2, words + 2);
	else if (strcmp(name, SETTINGS_KEEPER_COMMAND) == 0)
		code = command_restore_settings();
	else
		code = run_command(count - 1, words + 1);
	/* A closing line that did not get out is not a closing line. */
	return fflush(stdout) ? EXIT_ERROR : code;
}
