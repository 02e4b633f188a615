/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
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
#include "file/mount.h"
#include "loader/rounding.h"
#include "protocol/arguments.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "protocol/version.h"
#include "system/host_memory.h"
#include "system/procfs.h"
#include "system/requirements.h"
#include "system/sysfs.h"

#define MAX_THERMAL_ZONES 128

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
static int64_t read_ahead_bytes(const char *directory)
{
	struct stat status;
	int64_t kib;

	if (stat(directory, &status))
		return -1;
	kib = sysfs_number("/sys/dev/block/%u:%u/queue/read_ahead_kb", major(status.st_dev), minor(status.st_dev));
	if (kib < 0)
		kib = sysfs_number("/sys/dev/block/%u:%u/../queue/read_ahead_kb", major(status.st_dev),
				   minor(status.st_dev));
	return kib < 0 ? -1 : kib * 1024;
}

static void write_directory(const char *directory)
{
	static struct mount mount;
	bool known = mount_of(directory, &mount);
	struct statvfs space;

	json_string("directory", directory);
	json_string_or_null("blockDevice", known && strncmp(mount.source, "/dev/", 5) == 0 ? mount.source : NULL);
	json_string_or_null("fileSystem", known ? mount.file_system : NULL);
	json_string_or_null("mountOptions", known ? mount.options : NULL);
	json_number_or_null("readAheadBytes", read_ahead_bytes(directory));
	json_number("freeBytes", statvfs(directory, &space) ? 0 : (int64_t)(space.f_bavail * space.f_frsize));
}

static int no_dots(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void write_heaps(void)
{
	struct dirent **entries = NULL;
	int count = scandir("/dev/dma_heap", &entries, no_dots, alphasort);
	char path[PATH_MAX], reason[REASON_BYTES];

	json_array("heaps");
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
		json_object(NULL);
		json_string("name", name);
		json_string("access", access(path, R_OK) == 0 ? "read" : "denied");
		json_bool("cpuAccess", heap_admits_cpu(name, reason));
		json_object_end();
		free(entries[i]);
	}
	free(entries);
	json_array_end();
}

/* The chosen word of "always within_size advise [never] deny force"; NULL where the kernel does not tell. */
static const char *huge_pages_setting(char *line, size_t room)
{
	char *word = NULL;

	if (sysfs_line(line, room, "/sys/kernel/mm/transparent_hugepage/shmem_enabled"))
		word = strchr(line, '[');
	if (word) {
		word++;
		word[strcspn(word, "]")] = '\0';
	}
	return word;
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

static void write_notes(int64_t udmabuf_limit_mib, const char *huge_pages)
{
	bool root = geteuid() == 0;

	if (!root)
		json_string(NULL, "Root would drop all caches before a cold sample and open every heap.");
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

static void write_probe(const char *directory, const char *heap)
{
	int64_t limit = sysfs_number("/sys/module/udmabuf/parameters/size_limit_mb");
	char line[256];
	const char *huge_pages = huge_pages_setting(line, sizeof(line));
	struct requirements found;

	requirements_try(&found, directory, heap);
	json_line("probe");
	write_machine();
	write_processors();
	write_thermal_zones();
	json_number("memoryTotalBytes", meminfo_bytes("MemTotal"));
	json_number("memoryAvailableBytes", meminfo_bytes("MemAvailable"));
	write_directory(directory);
	json_number_or_null("directMemoryAlignBytes",
			    found.align.memory_bytes ? (int64_t)found.align.memory_bytes : -1);
	json_number_or_null("directOffsetAlignBytes",
			    found.align.offset_bytes ? (int64_t)found.align.offset_bytes : -1);
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
	json_array_end();
	json_line_end();
}

int command_probe(int count, char **words)
{
	struct argument arguments[] = { { "dir", NULL }, { "heap", "system" } };
	char directory[PATH_MAX];
	struct stat status;
	const char *heap;

	if (!arguments_parse(count, words, arguments, 2) || !argument_heap(arguments, &heap))
		return EXIT_USAGE;
	if ((mkdir(arguments[0].value, 0777) && errno != EEXIST) || !realpath(arguments[0].value, directory))
		return report_failure(BAD_FILE, errno, "Give a directory whose parent exists and can be written.",
				      "cannot use the directory %s: %s", arguments[0].value, strerror(errno));
	if (stat(directory, &status) || !S_ISDIR(status.st_mode))
		return report_failure(BAD_FILE, ENOTDIR, "Give a directory.", "%s is not a directory", directory);
	write_probe(directory, heap);
	return EXIT_DONE;
}
