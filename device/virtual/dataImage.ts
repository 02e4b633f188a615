import { open, rm } from 'node:fs/promises'
import { fail } from '../../contract/error.ts'
import { findProgram } from './findProgram.ts'
import { runOrFail } from './runProgram.ts'

/** A fresh, sparse ext4 image. Its inode tables are written now, so that nothing runs during a measurement. */
export async function createDataImage(path: string, bytes: number): Promise<void> {
  const mkfs = findProgram('mkfs.ext4')
  if (mkfs === null) {
    fail('target-unavailable', 'mkfs.ext4 is not installed', 'apt-get install e2fsprogs')
  }
  await rm(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  await file.truncate(bytes)
  await file.close()
  await runOrFail(mkfs, ['-q', '-F', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0', path])
}
