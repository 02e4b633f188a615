/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/commands.h"
#include "file/encryption.h"
#include "file/made_state.h"
#include "file/own_files.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"

#define HASH_DIGITS 16

struct clean {
	const char *directory;
	uint64_t remove;
	uint64_t pushed; /* whether it is the lab's own folder, into which files are pushed under their hash */
	int64_t files;
	int64_t bytes;
};

static const char *past_digits(const char *text)
{
	return isdigit((unsigned char)*text) ? text + strspn(text, "0123456789") : NULL;
}

/* What follows @prefix in @text, or NULL. */
static const char *past(const char *text, const char *prefix)
{
	return text && strncmp(text, prefix, strlen(prefix)) == 0 ? text + strlen(prefix) : NULL;
}

/* What follows generated-seedS-N.bin in @name, or NULL. */
static const char *past_generated(const char *name)
{
	const char *rest = past(name, "generated-seed");

	rest = rest ? past(past_digits(rest), "-") : NULL;
	return rest ? past(past_digits(rest), ".bin") : NULL;
}

static const char *past_hash(const char *text)
{
	return text && strspn(text, "0123456789abcdef") >= HASH_DIGITS ? text + HASH_DIGITS : NULL;
}

/* The program that runs now stays. */
static bool is_this_program(const struct stat *status)
{
	struct stat self;

	return stat("/proc/self/exe", &self) == 0 && self.st_ino == status->st_ino && self.st_dev == status->st_dev;
}

/* What a file of that name is, or NULL where the lab has not made it or works on it. */
static const char *kind_of(const struct clean *clean, int directory, const char *name, const struct stat *status)
{
	const char *rest = past_generated(name);

	/* Older labs wrote NAME.part, and pushed an agent as NAME.PID. */
	if (is_own_file(name) || (rest && strcmp(rest, ".part") == 0))
		return is_stale(directory, name) ? "unfinished" : NULL;
	if (rest && !*rest)
		return "generated";
	rest = past_hash(past(name, "dmabuf-lab-agent-"));
	if (rest && *rest == '.' && past_digits(rest + 1))
		return is_stale(directory, name) ? "unfinished" : NULL;
	if (rest && !*rest)
		return is_this_program(status) ? NULL : "agent";
	rest = clean->pushed ? past_hash(name) : NULL;
	return rest && *rest == '-' ? "pushed" : NULL;
}

static int remove_from(int directory, const char *name)
{
	made_state_release(directory, name);
	return unlinkat(directory, name, 0);
}

static void look_at(struct clean *clean, int directory, const char *name)
{
	char path[PATH_MAX + 1];
	struct stat status;
	const char *kind;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) || !S_ISREG(status.st_mode) ||
	    status.st_uid != geteuid())
		return;
	kind = kind_of(clean, directory, name, &status);
	if (!kind || snprintf(path, sizeof(path), "%s/%s", clean->directory, name) >= (int)sizeof(path) ||
	    (clean->remove && remove_from(directory, name)))
		return;
	clean->files++;
	clean->bytes += (int64_t)status.st_size;
	json_line("found");
	json_string("kind", kind);
	json_string("path", path);
	json_number("bytes", (int64_t)status.st_size);
	json_line_end();
}

static void look_into(struct clean *clean, const char *name);

static int look_through(struct clean *clean)
{
	DIR *entries = opendir(clean->directory);
	const struct dirent *entry;

	/* Where there is no folder nothing was made. */
	if (!entries && errno == ENOENT)
		return EXIT_DONE;
	if (!entries)
		return report_failure(BAD_FILE, errno, "Give a directory that can be read.",
				      "cannot look through %s: %s", clean->directory, strerror(errno));
	while ((entry = readdir(entries))) {
		look_at(clean, dirfd(entries), entry->d_name);
		look_into(clean, entry->d_name);
	}
	closedir(entries);
	return EXIT_DONE;
}

/* A folder of generated files in one state, generated-STATE. It goes when it is empty. */
static void look_into(struct clean *clean, const char *name)
{
	struct clean inner = { .remove = clean->remove };
	const char *word = past(name, "generated-");
	char path[PATH_MAX + 1];
	enum made_state state;
	struct stat status;

	if (!word || !made_state_parse(word, &state) ||
	    snprintf(path, sizeof(path), "%s/%s", clean->directory, name) >= (int)sizeof(path) ||
	    lstat(path, &status) || !S_ISDIR(status.st_mode) || status.st_uid != geteuid())
		return;
	folder_unlock(path);
	inner.directory = path;
	look_through(&inner);
	if (clean->remove)
		rmdir(path);
	clean->files += inner.files;
	clean->bytes += inner.bytes;
}

int command_clean(int count, char **words)
{
	struct argument arguments[] = { { "dir", NULL }, { "remove", "0" }, { "pushed", "0" } };
	struct clean clean = { 0 };
	int code;

	if (!arguments_parse(count, words, arguments, 3) ||
	    !argument_number(arguments, "remove", 0, 1, &clean.remove) ||
	    !argument_number(arguments, "pushed", 0, 1, &clean.pushed))
		return EXIT_USAGE;
	clean.directory = argument_text(arguments, "dir");
	code = look_through(&clean);
	if (code)
		return code;
	json_line("cleaned");
	json_number("files", clean.files);
	json_number("bytes", clean.bytes);
	json_line_end();
	return EXIT_DONE;
}
