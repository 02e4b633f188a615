import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../contract/error.ts'
import type { DataFileSystem } from './dataImage.ts'
import { moduleFiles } from './guestImage.ts'
import type { GuestKernel } from './guestKernel.ts'
import type { VENDOR_FILE_SYSTEM } from './vendorImage.ts'

/**
 * A kernel whose configuration lies nowhere is taken at its word: its guest says at boot what it cannot mount.
 * @throws LabFailure `bad-input` for a kernel that is known not to have the file system of one of the disks.
 */
export async function requireFileSystem(
  kernel: GuestKernel,
  fileSystem: DataFileSystem | typeof VENDOR_FILE_SYSTEM,
): Promise<void> {
  const config = await configOf(kernel)
  if (config === null || (await moduleFiles(kernel.modulesFolder)).has(fileSystem)) return
  const name = fileSystem.toUpperCase()
  if (!config.includes(`\nCONFIG_${name}_FS=y\n`)) {
    const hint =
      'Leave --flavour out, or add --flavour generic or newest-generic; a kernel of your own needs it built in or as a module.'
    fail('bad-input', `the kernel ${kernel.release} has no ${fileSystem}`, hint)
  }
  if (fileSystem === 'f2fs' && config.includes('\nCONFIG_ARM64_16K_PAGES=y\n')) {
    const message = 'f2fs here has blocks of 4 KiB, which a kernel with pages of 16 KiB does not mount'
    fail('bad-input', message, 'Use --pages 4k.')
  }
}

/** As the kernel was built, or its package tells. */
async function configOf({ folder, release, buildTree }: GuestKernel): Promise<string | null> {
  const places = [
    ...(buildTree === null ? [] : [join(buildTree, '.config')]),
    join(folder, 'boot', `config-${release}`),
    join(folder, 'usr/lib/modules', release, 'config'),
  ]
  const place = places.find(path => existsSync(path))
  return place === undefined ? null : readFile(place, 'utf8')
}
