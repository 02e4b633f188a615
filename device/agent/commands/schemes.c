/* SPDX-License-Identifier: MIT */
#include "commands/commands.h"
#include "protocol/failure.h"
#include "protocol/json.h"
#include "schemes/catalogue.h"

/* The words of contract/schemes.ts. */
static const char *const buffers[] = {
	[BUFFER_DMA_HEAP] = "dma-heap",
	[BUFFER_UDMABUF] = "udmabuf",
	[BUFFER_MEMFD] = "memfd",
};

static const char *const fills[] = {
	[FILL_READ] = "read",		[FILL_MMAP_COPY] = "mmap-copy",
	[FILL_SENDFILE] = "sendfile",	[FILL_COPY_FILE_RANGE] = "copy-file-range",
	[FILL_DONTCACHE] = "dontcache", [FILL_IOCTL] = "ioctl",
};

static const char *const overlaps[] = {
	[OVERLAP_NONE] = "serial",
	[OVERLAP_ASYNC] = "async",
	[OVERLAP_GATHER] = "gather",
};

int command_schemes(int count, char **words)
{
	const struct scheme *scheme;

	(void)words;
	if (count)
		return report_failure(BAD_INPUT, 0, "", "schemes takes no options");
	json_line("schemes");
	json_array("schemes");
	for (size_t place = 0; (scheme = scheme_at(place)); place++) {
		json_object(NULL);
		json_string("id", scheme->id);
		json_string("buffer", buffers[scheme->buffer]);
		json_string("ioMode", scheme->direct ? "direct" : "buffered");
		json_string("overlap", overlaps[scheme->overlap]);
		json_string("fill", fills[scheme->fill]);
		json_object_end();
	}
	json_array_end();
	json_line_end();
	return EXIT_DONE;
}
