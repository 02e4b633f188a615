import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs'

export const privateFolderMode = 0o700
const privateFileMode = 0o600
const othersBits = 0o077

/** Makes an empty file that its owner alone may read, unless there is one of that name. */
export function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', privateFileMode))
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
  }
}

/** Takes from everybody else what they may do with a file or folder of ours, such as one that an older lab made. */
export function makePrivate(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false })
  const isOurs = status !== undefined && !status.isSymbolicLink() && status.uid === process.getuid?.()
  if (isOurs && (status.mode & othersBits) !== 0) chmodSync(path, status.mode & 0o777 & ~othersBits)
}
