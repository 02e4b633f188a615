import { existsSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { findProgram } from './findProgram.ts'

/** Why the virtual device cannot be started on this machine; null when nothing speaks against it. */
export function whyNoVirtualDevice(): string | null {
  if (platform() !== 'linux' || arch() !== 'x64')
    return `needs Linux on x86-64, this is ${platform()} on ${arch()}`
  if (!existsSync('/etc/debian_version') || findProgram('apt-get') === null)
    return 'needs Debian packages (apt)'
  if (findProgram('mkfs.ext4') === null) return 'needs mkfs.ext4 (package e2fsprogs)'
  return null
}
