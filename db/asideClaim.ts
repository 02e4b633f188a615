import { closeSync, openSync, rmSync } from 'node:fs'
import { codeOf } from './storeFailure.ts'
import { inodeOf } from './storeFile.ts'

/** Three renames take far less; a claim that is older was left by a process that died. */
const staleMs = 2000
const lookEveryMs = 10

/**
 * Runs `work` in one process at a time, and only while `file` still is the damaged `inode`: the next ones would move
 * away the fresh database of the first.
 * @returns `null` where another process has done the work.
 */
export function whileClaimed<T>(file: string, inode: number, work: () => T): T | null {
  const claim = `${file}.setting-aside-${inode}`
  const deadline = performance.now() + staleMs
  while (!isCreated(claim)) {
    if (inodeOf(file) !== inode) return null
    if (performance.now() > deadline) break
    pause(lookEveryMs)
  }
  try {
    return inodeOf(file) === inode ? work() : null
  } finally {
    rmSync(claim, { force: true })
  }
}

/** Whether this process made the file, which nobody else can then. */
function isCreated(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'))
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false
    throw thrown
  }
}

/** The store is opened synchronously, before anything else runs. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
