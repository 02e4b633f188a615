import { rmSync } from 'node:fs'
import { fail, LabFailure, reasonOf } from '../contract/error.ts'
import { HeldLock } from './heldLock.ts'
import { pause } from './pause.ts'
import { lockedForTooLong, toStoreFailure } from './storeFailure.ts'

const lookEveryMs = 5

/**
 * Runs `work` in one process at a time. Setting a damaged file aside and beginning a fresh one is no single step: who
 * looks on meanwhile finds no file, a journal that seems left behind, or a lock that SQLite does not wait for.
 * @throws LabFailure `busy` where another process takes longer than `patienceMs`; `store-failed` and others for the
 * lock's own file.
 */
export function whileOpening<T>(file: string, patienceMs: number, work: () => T): T {
  const lock = waitFor(`${file}.opening`, file, patienceMs)
  try {
    return work()
  } finally {
    // Still under the lock: who waits for it finds another file there, or none.
    rmSync(lock.file, { force: true })
    lock.release()
  }
}

function waitFor(lockFile: string, file: string, patienceMs: number): HeldLock {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const lock = takeOrTell(lockFile)
    if (lock !== null) return lock
    if (performance.now() > deadline) throw new LabFailure(lockedForTooLong(file))
    // The store is opened synchronously, before anything else runs.
    pause(lookEveryMs)
  }
}

/** What is wrong with the lock's file is not called the database's. */
function takeOrTell(lockFile: string): HeldLock | null {
  try {
    return HeldLock.take(lockFile)
  } catch (thrown) {
    const failure = toStoreFailure(thrown, lockFile)
    if (failure.kind !== 'store-corrupt' && failure.kind !== 'store-failed') throw failure
    const hint = 'Remove it: a lab that opens the database makes it anew, and nothing is stored in it.'
    return fail('store-failed', `${lockFile} is not the lab's lock: ${reasonOf(thrown)}`, hint, thrown)
  }
}
