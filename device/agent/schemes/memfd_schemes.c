/* SPDX-License-Identifier: MIT */
#include "schemes/memfd_schemes.h"

static int prepare_memory(struct load *load)
{
	return load_open_source(load) || load_create_memory(load, ONE_MEMFD) ? -1 : 0;
}

int memfd_serial(struct load *load)
{
	return prepare_memory(load) || load_populate(load) || load_read(load, load->memory.address) ? -1 : 0;
}

int memfd_dontcache(struct load *load)
{
	return prepare_memory(load) || load_populate(load) || load_read_dontcache(load, load->memory.address) ? -1 : 0;
}

int memfd_mmap_copy(struct load *load)
{
	return prepare_memory(load) || load_populate(load) || load_copy_from_mapping(load, load->memory.address) ? -1 :
														   0;
}

int memfd_sendfile(struct load *load)
{
	return prepare_memory(load) || load_sendfile(load, load->memory.fds[0]) ? -1 : 0;
}

int memfd_async(struct load *load)
{
	return prepare_memory(load) || load_read_beside(load, load_populate_in_use) ? -1 : 0;
}

int memfd_gather(struct load *load)
{
	return prepare_memory(load) || load_gathers(load) ? -1 : 0;
}

int memfd_list(struct load *load)
{
	return load_open_source(load) || load_create_memory(load, MEMFD_PER_GATHER) || load_gathers(load) ? -1 : 0;
}
