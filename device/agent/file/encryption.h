/* SPDX-License-Identifier: MIT */
#ifndef AGENT_ENCRYPTION_H
#define AGENT_ENCRYPTION_H

#include <stdbool.h>

/*
 * Encrypted folders (fscrypt, policy version 2, AES-256-XTS): what lies in them is encrypted as a phone's files are. The
 * key is in this program and keeps nothing secret. It stays with the file system until that is unmounted.
 */

/* Adds the key and encrypts the folder, which must be empty if it is not encrypted yet. Returns 0, or -1 with errno. */
int folder_encrypt(const char *path);

/* Adds the key, so that the names in an encrypted folder can be read; nothing happens to any other folder. */
void folder_unlock(const char *path);

#endif
