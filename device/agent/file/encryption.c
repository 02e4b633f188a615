/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fscrypt.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "file/encryption.h"

#define KEY_BYTES 64

struct key_request {
	struct fscrypt_add_key_arg arg;
	unsigned char raw[KEY_BYTES];
};

/* Documentation/filesystems/fscrypt.rst: the kernel names the key by a hash of it, which the policy refers to. */
static int add_key(int fd, unsigned char identifier[FSCRYPT_KEY_IDENTIFIER_SIZE])
{
	static const char text[] = "dmabuf-lab: makes a file encrypted, keeps nothing secret";
	struct key_request request;

	memset(&request, 0, sizeof(request));
	memcpy(request.raw, text, sizeof(text));
	request.arg.key_spec.type = FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER;
	request.arg.raw_size = KEY_BYTES;
	if (ioctl(fd, FS_IOC_ADD_ENCRYPTION_KEY, &request.arg))
		return -1;
	memcpy(identifier, request.arg.key_spec.u.identifier, FSCRYPT_KEY_IDENTIFIER_SIZE);
	return 0;
}

static int set_policy(int fd)
{
	struct fscrypt_policy_v2 policy = {
		.version = FSCRYPT_POLICY_V2,
		.contents_encryption_mode = FSCRYPT_MODE_AES_256_XTS,
		.filenames_encryption_mode = FSCRYPT_MODE_AES_256_CTS,
		.flags = FSCRYPT_POLICY_FLAGS_PAD_32,
	};

	return add_key(fd, policy.master_key_identifier) ? -1 : ioctl(fd, FS_IOC_SET_ENCRYPTION_POLICY, &policy);
}

int folder_encrypt(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), number;

	if (fd < 0)
		return -1;
	number = set_policy(fd) ? errno : 0;
	close(fd);
	errno = number;
	return number ? -1 : 0;
}

void folder_unlock(const char *path)
{
	unsigned char identifier[FSCRYPT_KEY_IDENTIFIER_SIZE];
	struct fscrypt_get_policy_ex_arg arg = { .policy_size = sizeof(arg.policy) };
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (ioctl(fd, FS_IOC_GET_ENCRYPTION_POLICY_EX, &arg) == 0)
		add_key(fd, identifier);
	close(fd);
}
