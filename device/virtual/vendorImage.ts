import { rm, stat } from 'node:fs/promises'
import { fail } from '../../contract/error.ts'
import { findProgram } from './findProgram.ts'
import { runOrFail } from './runProgram.ts'

/** Where a phone has it, and what it is there as a rule. */
export const VENDOR_PATH = '/vendor'
export const VENDOR_FILE_SYSTEM = 'erofs'

/**
 * The folder as an image of erofs: LZ4 where it makes a file smaller, other files as they are.
 * @throws LabFailure `bad-input` for what is no folder, `target-unavailable` where mkfs.erofs is missing or refuses.
 */
export async function createVendorImage(path: string, folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    found => found.isDirectory(),
    () => false,
  )
  if (!isFolder) fail('bad-input', `${folder} is no folder`, 'Give one whose files are to be on /vendor.')
  const mkfs = findProgram('mkfs.erofs')
  if (mkfs === null) {
    fail('target-unavailable', 'mkfs.erofs is not installed', 'apt-get install erofs-utils')
  }
  await rm(path, { force: true })
  await runOrFail(mkfs, ['--quiet', '--all-root', '-zlz4', path, folder])
}
