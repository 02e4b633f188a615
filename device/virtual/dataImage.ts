import { open, rm } from 'node:fs/promises'
import { fail } from '../../contract/error.ts'
import { findProgram } from './findProgram.ts'
import { runOrFail } from './runProgram.ts'

/** What the data disk of the virtual device can hold; a phone's is f2fs as a rule. */
export const dataFileSystems = ['ext4', 'f2fs'] as const
export type DataFileSystem = (typeof dataFileSystems)[number]

type Maker = { readonly program: string; readonly package: string; readonly options: readonly string[] }

// With all that a phone's files can be: encrypted, under fs-verity, on f2fs compressed.
const MAKERS: Record<DataFileSystem, Maker> = {
  ext4: {
    program: 'mkfs.ext4',
    package: 'e2fsprogs',
    // The inode tables are written now, so that nothing runs during a measurement.
    options: ['-q', '-F', '-m', '0', '-O', 'encrypt,verity', '-E', 'lazy_itable_init=0,lazy_journal_init=0'],
  },
  f2fs: {
    program: 'mkfs.f2fs',
    package: 'f2fs-tools',
    options: ['-q', '-f', '-O', 'extra_attr,inode_checksum,sb_checksum,compression,encrypt,verity'],
  },
}

/**
 * A fresh, sparse image with that file system.
 * @throws LabFailure `target-unavailable` where the program that makes it is not installed.
 */
export async function createDataImage(
  path: string,
  bytes: number,
  fileSystem: DataFileSystem,
): Promise<void> {
  const maker = MAKERS[fileSystem]
  const mkfs = findProgram(maker.program)
  if (mkfs === null) {
    fail('target-unavailable', `${maker.program} is not installed`, `apt-get install ${maker.package}`)
  }
  await rm(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  await file.truncate(bytes)
  await file.close()
  await runOrFail(mkfs, [...maker.options, path])
}
