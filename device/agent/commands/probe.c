/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "commands/commands.h"
#include "file/file_state.h"
#include "file/input_file.h"
#include "file/mount.h"
#include "file/own_files.h"
#include "load/counters.h"
#include "loader/error.h"
#include "loader/rounding.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/version.h"
#include "system/heap_times.h"
#include "system/host_memory.h"
#include "system/kernel_settings.h"
#include "system/limits.h"
#include "system/processors.h"
#include "system/procfs.h"
#include "system/requirements.h"
#include "system/sysfs.h"

#define MAX_THERMAL_ZONES 128
#define LEAST_RESERVATION_NS 1000000
#define LEAST_RESERVATION_RATIO 8

/* Where loads would run. */
struct place {
	const char *directory;
	const char *file; /* NULL where any file in the directory will do */
	const char *heap;
};

/* A model name: DMI, device tree, or the processor's. */
static void write_machine_name(const char *otherwise)
{
	char name[600], line[256], vendor[256];

	if (sysfs_line(line, sizeof(line), "/sys/class/dmi/id/product_name") &&
	    sysfs_line(vendor, sizeof(vendor), "/sys/class/dmi/id/sys_vendor"))
		snprintf(name, sizeof(name), "%s %s", vendor, line);
	else if (sysfs_line(line, sizeof(line), "/proc/device-tree/model") || processor_model(line, sizeof(line)))
		snprintf(name, sizeof(name), "%s", line);
	else
		snprintf(name, sizeof(name), "%s", otherwise);
	json_string("machine", name);
}

static void write_machine(void)
{
	struct utsname name;

	uname(&name);
	json_string("kernel", name.release);
	json_string("arch", AGENT_ARCH);
	write_machine_name(name.machine);
}

static void write_processors(void)
{
	char line[64];
	long count = sysconf(_SC_NPROCESSORS_CONF);

	json_number("pageBytes", (int64_t)page_bytes());
	json_number("cpuCount", sysconf(_SC_NPROCESSORS_ONLN));
	json_string_or_null(
		"governor",
		sysfs_line(line, sizeof(line), "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") ? line : NULL);
	json_array("frequenciesKhz");
	for (long i = 0; i < count; i++) {
		int64_t khz = sysfs_number("/sys/devices/system/cpu/cpu%ld/cpufreq/scaling_cur_freq", i);

		if (khz >= 0)
			json_number(NULL, khz);
	}
	json_array_end();
}

/* What a load can be bound to and capped at. */
static void write_clocks(void)
{
	static struct clock_domain domains[MAX_CLOCK_DOMAINS];
	unsigned int count = clock_domains(domains, MAX_CLOCK_DOMAINS);
	char usable[PROCESSOR_LIST_BYTES];
	bool can_cap = count > 0;

	json_object("processors");
	json_string("usable", processors_usable(usable) ? usable : "");
	json_array("clocks");
	for (unsigned int i = 0; i < count; i++) {
		can_cap &= access(domains[i].cap_path, W_OK) == 0;
		json_object(NULL);
		json_string("processors", domains[i].processors);
		json_number("leastKhz", domains[i].least_khz);
		json_number("mostKhz", domains[i].most_khz);
		json_number("capKhz", domains[i].cap_khz);
		json_object_end();
	}
	json_array_end();
	json_bool("canCapClock", can_cap);
	json_object_end();
}

static void write_thermal_zones(void)
{
	char name[128];

	json_array("thermalZones");
	for (int i = 0; i < MAX_THERMAL_ZONES; i++) {
		int64_t temperature = sysfs_number("/sys/class/thermal/thermal_zone%d/temp", i);

		/* Some zones of a phone cannot be read; -1 degrees is colder than any machine in use. */
		if (temperature == -1 || !sysfs_line(name, sizeof(name), "/sys/class/thermal/thermal_zone%d/type", i))
			continue;
		json_object(NULL);
		json_string("name", name);
		json_number("milliCelsius", temperature);
		json_object_end();
	}
	json_array_end();
}

/* A partition has no queue of its own. */
static int64_t read_ahead_bytes(uint64_t device)
{
	int64_t kib = sysfs_number("/sys/dev/block/%u:%u/queue/read_ahead_kb", major(device), minor(device));

	if (kib < 0)
		kib = sysfs_number("/sys/dev/block/%u:%u/../queue/read_ahead_kb", major(device), minor(device));
	return kib < 0 ? -1 : kib * 1024;
}

/* The mount's source, or for a file system of layers the device below: what /sys calls it. */
static void write_block_device(const struct mount *mount, uint64_t device)
{
	char link[PATH_MAX], path[64], name[PATH_MAX];
	ssize_t length;

	if (mount && strncmp(mount->source, "/dev/", 5) == 0) {
		json_string("blockDevice", mount->source);
		return;
	}
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(device), minor(device));
	length = device ? readlink(path, link, sizeof(link) - 1) : -1;
	if (length <= 0) {
		json_null("blockDevice");
		return;
	}
	link[length] = '\0';
	snprintf(name, sizeof(name), "/dev/%s", strrchr(link, '/') + 1);
	json_string("blockDevice", name);
}

/* Of the directory, or of the file in it that is to be measured: a file can be a mount of its own. */
static void write_place(const struct place *place)
{
	static struct mount mount;
	const char *what = place->file ? place->file : place->directory;
	bool known = mount_of(what, &mount);
	uint64_t device = block_device_of(what);
	struct statvfs space;

	json_string("directory", place->directory);
	write_block_device(known ? &mount : NULL, device);
	json_string_or_null("fileSystem", known ? mount.file_system : NULL);
	json_string_or_null("mountOptions", known ? mount.options : NULL);
	json_number_or_null("readAheadBytes", read_ahead_bytes(device));
	json_number("freeBytes", statvfs(what, &space) ? 0 : (int64_t)(space.f_bavail * space.f_frsize));
}

static void write_states(const struct file_state *state)
{
	const struct {
		bool is;
		const char *name;
	} states[] = {
		{ state->hole_bytes > 0, "sparse" },
		{ state->unwritten_bytes > 0, "unwritten" },
		{ state->compressed, "compressed" },
		{ state->encrypted, "encrypted" },
		{ state->verity, "verity" },
		{ state->has_inline, "inline" },
		{ file_state_is_fragmented(state), "fragmented" },
		{ state->immutable, "immutable" },
		{ state->journalled, "journalled" },
		{ state->shared, "shared" },
		{ file_state_is_compressible(state), "compressible" },
	};

	json_array("states");
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (states[i].is)
			json_string(NULL, states[i].name);
	json_array_end();
}

static void write_file(const char *path)
{
	struct file_state state;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0) {
		json_null("file");
		return;
	}
	file_state_find(fd, &state);
	close(fd);
	json_object("file");
	json_string("path", path);
	json_number("bytes", state.bytes);
	json_number("allocatedBytes", state.allocated_bytes);
	json_number_or_null("holeBytes", state.hole_bytes);
	json_number_or_null("unwrittenBytes", state.unwritten_bytes);
	json_number_or_null("extents", state.extents);
	json_number_or_null("entropyMillibits", state.entropy_millibits);
	json_number_or_null("repeatedPercent", state.repeated_percent);
	write_states(&state);
	json_object_end();
}

static void write_limits(const struct limits *limits)
{
	json_object("limits");
	json_number_or_null("memoryBytes", limits->memory_bytes);
	json_number_or_null("memoryLeftBytes", limits->memory_room_bytes);
	json_number_or_null("processors", limits->processors);
	json_number_or_null("processorPercent", limits->processor_percent);
	json_number_or_null("addressSpaceBytes", limits->address_space_bytes);
	json_number_or_null("fileBytes", limits->file_size_bytes);
	json_number_or_null("lockedBytes", limits->locked_bytes);
	json_number_or_null("openFiles", limits->open_files);
	if (*limits->memory_untold)
		json_string("memoryUntold", limits->memory_untold);
	if (*limits->processor_percent_untold)
		json_string("processorPercentUntold", limits->processor_percent_untold);
	json_object_end();
}

static int no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* access() would not ask every security policy. */
static bool can_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_open_heap(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	return can_open(path);
}

static void for_each_heap(void (*visit)(const char *name, void *context), void *context)
{
	struct dirent **entries = NULL;
	int count = scandir("/dev/dma_heap", &entries, no_dots, alphasort);

	for (int i = 0; i < count; i++) {
		visit(entries[i]->d_name, context);
		free(entries[i]);
	}
	free(entries);
}

static void write_heap(const char *name, void *context)
{
	char reason[REASON_BYTES];

	(void)context;
	json_object(NULL);
	json_string("name", name);
	json_string("access", can_open_heap(name) ? "read" : "denied");
	json_bool("cpuAccess", heap_admits_cpu(name, reason));
	json_object_end();
}

static void write_heaps(void)
{
	json_array("heaps");
	for_each_heap(write_heap, NULL);
	json_array_end();
}

/* A heap that sets memory aside with its first buffer takes the time then: milliseconds, for one page. */
static void write_reservation_note(const char *heap, void *context)
{
	struct heap_times times;
	char note[512];

	(void)context;
	if (heap_times_find(heap, &times) || times.first_ns < LEAST_RESERVATION_NS ||
	    times.first_ns < LEAST_RESERVATION_RATIO * times.next_ns)
		return;
	snprintf(
		note, sizeof(note),
		"The first buffer of %s takes %.1f ms for a page, the next one %.3f ms: the heap's memory is set aside "
		"with the first.",
		heap, (double)times.first_ns / 1e6, (double)times.next_ns / 1e6);
	json_string(NULL, note);
}

static const char *selinux_mode(void)
{
	int64_t enforcing = sysfs_number("/sys/fs/selinux/enforce");

	return enforcing < 0 ? NULL : enforcing ? "enforcing" : "permissive";
}

static void write_requirements(const struct requirements *found)
{
	json_object("requirements");
	json_string("o-direct", found->o_direct);
	json_string("dma-heap", found->dma_heap);
	json_string("heap-cpu-access", found->heap_cpu_access);
	json_string("udmabuf", found->udmabuf);
	json_string("dmabuf-sendfile", found->dmabuf_sendfile);
	json_string("dmabuf-copy-file-range", found->dmabuf_copy_file_range);
	json_string("alloc-and-read", found->alloc_and_read);
	json_string("wrapfd", found->wrapfd);
	json_string("rwf-dontcache", found->rwf_dontcache);
	json_object_end();
}

static void write_alloc_and_read(const struct in_kernel_ways *ways)
{
	char reason[REASON_BYTES];

	json_object("allocAndRead");
	for (enum in_kernel_way way = WAY_NONE + 1; way < WAY_COUNT; way++) {
		reason_text(reason, &ways->why_not[way]);
		json_string(in_kernel_way_id(way), reason);
	}
	json_object_end();
}

static void write_patch_notes(const struct in_kernel_ways *ways)
{
	if (in_kernel_has(ways, WAY_HEAP_IOCTL))
		json_string(NULL, "This kernel carries the first refused series (DMA_HEAP_IOCTL_ALLOC_AND_READ): "
				  "read-async-* use it.");
	if (in_kernel_has(ways, WAY_HEAP_FLAG_SYNC))
		json_string(NULL, "This kernel carries the first patch of the second refused series "
				  "(DMA_HEAP_ALLOC_AND_READ_FILE): read-sync-* use it.");
	if (in_kernel_has(ways, WAY_HEAP_FLAG_ASYNC))
		json_string(NULL, "This kernel carries the second refused series (DMA_HEAP_ALLOC_AND_READ_FILE): "
				  "read-async-* use it.");
}

/* Of a loop device whose file is read through the page cache: as root that is dropped before each load, too. */
static void write_loop_note(const char *what)
{
	uint64_t device = block_device_of(what);
	char backing[PATH_MAX], note[PATH_MAX + 128];
	int64_t direct = sysfs_number("/sys/dev/block/%u:%u/loop/dio", major(device), minor(device));

	if (direct != 0 || !sysfs_line(backing, sizeof(backing), "/sys/dev/block/%u:%u/loop/backing_file",
				       major(device), minor(device)))
		return;
	snprintf(note, sizeof(note), "The block device is the file %s, whose pages are cached below%s.", backing,
		 geteuid() == 0 ? ", and dropped before each load" : ": only root can drop them");
	json_string(NULL, note);
}

#define HEAP_NAMES_BYTES 1024

/* Heaps that are denied: by their mode, which root passes, or by a policy, which root may not. */
struct denied_heaps {
	char by_mode[HEAP_NAMES_BYTES];
	char by_policy[HEAP_NAMES_BYTES];
};

/* Names that find no room are left out. */
static void add_denied_heap(const char *name, void *context)
{
	struct denied_heaps *denied = context;
	char path[PATH_MAX], *names;
	size_t used;

	if (can_open_heap(name))
		return;
	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	names = load_mode_admits(path, R_OK) ? denied->by_policy : denied->by_mode;
	used = strlen(names);
	snprintf(names + used, HEAP_NAMES_BYTES - used, "%s%s", used ? ", " : "", name);
}

/* Those that are not there for this user; why, the requirement says of the heap that was asked for. */
static void write_denied_heaps(void)
{
	struct denied_heaps denied = { "", "" };
	char note[HEAP_NAMES_BYTES + 256];

	for_each_heap(add_denied_heap, &denied);
	if (*denied.by_mode) {
		snprintf(note, sizeof(note), "Root would open the heaps that are denied here by their modes: %s.",
			 denied.by_mode);
		json_string(NULL, note);
	}
	if (*denied.by_policy) {
		snprintf(note, sizeof(note),
			 "A security policy (SELinux) forbids heaps whose modes admit this user, and may forbid them "
			 "to root: %s.",
			 denied.by_policy);
		json_string(NULL, note);
	}
}

static void write_memory_limit_note(const struct limits *limits)
{
	char note[LIMITS_REASON_BYTES + 160];

	if (!*limits->memory_untold)
		return;
	snprintf(note, sizeof(note),
		 "Whether a control group limits memory cannot be told here (%s): where one does, a load that needs "
		 "more is killed.",
		 limits->memory_untold);
	json_string(NULL, note);
}

static void write_notes(int64_t udmabuf_limit_mib, const char *huge_pages)
{
	bool root = geteuid() == 0;

	if (!root) {
		json_string(NULL, "Root would drop all caches before a cold sample.");
		write_denied_heaps();
	}
	if (!root && udmabuf_limit_mib >= 0)
		json_string(NULL, "Root would raise udmabuf's size_limit_mb for a load that needs more.");
	if (host_takes_free_memory())
		json_string(NULL,
			    "The host of this virtual machine takes its free memory back, and giving it out again "
			    "takes longer than a load. Each cold load runs once untimed right before it is timed.");
	if (udmabuf_limit_mib >= 0 &&
	    dmabuf_loader_limit_bytes((uint64_t)udmabuf_limit_mib) >> 20 != (uint64_t)udmabuf_limit_mib)
		json_string(NULL,
			    "udmabuf's size_limit_mb overflows on kernels without commit 021ba7f1babd, which then "
			    "refuse buffers that it should admit. Set it between 2048 and 4095.");
	if (huge_pages && strcmp(huge_pages, "never") == 0)
		json_string(NULL, root ? "Shared memory gets no huge pages here; a run with huge pages asks for them "
					 "while it lasts." :
					 "Shared memory gets no huge pages here; root could allow them "
					 "(shmem_enabled), which speeds up udmabuf and memfd loads.");
}

static void write_probe(const struct place *place)
{
	int64_t limit = sysfs_number("/sys/module/udmabuf/parameters/size_limit_mb");
	char word[32];
	const char *huge_pages = kernel_settings_huge_pages(word, sizeof(word)) ? word : NULL;
	struct requirements found;
	struct limits limits;

	requirements_try(&found, place->directory, place->file, place->heap);
	limits_find(&limits);
	json_line("probe");
	write_machine();
	write_processors();
	write_clocks();
	write_thermal_zones();
	json_number_or_null("coolingState", cooling_state());
	json_number("memoryTotalBytes", memory_of_machine("MemTotal"));
	json_number("memoryAvailableBytes", memory_of_machine("MemAvailable"));
	write_limits(&limits);
	write_place(place);
	write_file(place->file);
	json_number_or_null("directMemoryAlignBytes", found.align.told ? (int64_t)found.align.memory_bytes : -1);
	json_number_or_null("directOffsetAlignBytes", found.align.told ? (int64_t)found.align.offset_bytes : -1);
	json_number_or_null("directReadOffsetAlignBytes",
			    found.align.read_told ? (int64_t)found.align.read_offset_bytes : -1);
	write_heaps();
	json_number_or_null("udmabufSizeLimitMiB", limit);
	json_number_or_null("udmabufListLimit", sysfs_number("/sys/module/udmabuf/parameters/list_limit"));
	json_string_or_null("hugePages", huge_pages);
	json_bool("root", geteuid() == 0);
	json_string_or_null("selinux", selinux_mode());
	json_string("agentVersion", AGENT_VERSION);
	write_requirements(&found);
	write_alloc_and_read(&found.ways);
	json_array("notes");
	write_notes(limit, huge_pages);
	write_patch_notes(&found.ways);
	for_each_heap(write_reservation_note, NULL);
	write_memory_limit_note(&limits);
	write_loop_note(place->file ? place->file : place->directory);
	json_array_end();
	json_line_end();
}

/* A directory that may be made first. Returns 0, or the exit code after reporting. */
static int find_directory(const char *asked, char directory[PATH_MAX])
{
	struct stat status;

	if ((mkdir(asked, 0755) && errno != EEXIST) || !realpath(asked, directory))
		return report_failure(BAD_FILE, errno, "Give a directory whose parent exists and can be written.",
				      "cannot use the directory %s: %s", asked, strerror(errno));
	if (stat(directory, &status) || !S_ISDIR(status.st_mode))
		return report_failure(BAD_FILE, ENOTDIR, "Give a directory.", "%s is not a directory", directory);
	return 0;
}

/* The real path of a file that can be loaded, and its directory. */
static int find_file(const char *asked, char file[PATH_MAX], char directory[PATH_MAX])
{
	struct input_file input;
	int code = input_file_open(asked, &input);

	if (code)
		return code;
	close(input.fd);
	if (!realpath(asked, file))
		return report_failure(BAD_FILE, errno, "Give the path of a regular file.", "cannot find %s: %s", asked,
				      strerror(errno));
	snprintf(directory, PATH_MAX, "%s", file);
	*strrchr(directory, '/') = '\0';
	if (*directory == '\0')
		strcpy(directory, "/");
	return 0;
}

int command_probe(int count, char **words)
{
	struct argument arguments[] = { { "dir", "" }, { "file", "" }, { "heap", "system" } };
	char directory[PATH_MAX], file[PATH_MAX];
	struct place place = { .directory = directory };
	int code;

	if (!arguments_parse(count, words, arguments, 3) || !argument_heap(arguments, &place.heap))
		return EXIT_USAGE;
	if (!*arguments[0].value == !*arguments[1].value)
		return report_failure(BAD_INPUT, 0, "Give the one or the other.", "probe takes --dir or --file");
	if (*arguments[1].value) {
		place.file = file;
		code = find_file(arguments[1].value, file, directory);
	} else {
		code = find_directory(arguments[0].value, directory);
	}
	if (code)
		return code;
	own_files_remove_stale(directory);
	write_probe(&place);
	return EXIT_DONE;
}
