import { existsSync, rmSync, statfsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { createPrivately } from './privateFiles.ts'
import { codeOf } from './storeFailure.ts'

/**
 * A lock of the operating system that lives exactly as long as its holder, whatever ends it. Node has none, SQLite
 * does: an exclusive transaction on an empty database is a POSIX lock of the file (sqlite.org/lockingv3.html). It is
 * seen from every pid namespace and container of this kernel that has the file.
 */
export class HeldLock {
  readonly file: string
  readonly #db: Database.Database
  readonly #inode: number | null

  private constructor(file: string) {
    this.file = file
    createPrivately(file)
    this.#inode = inodeOf(file)
    this.#db = new Database(file, { timeout: 0 })
    try {
      lockExclusively(this.#db)
    } catch (thrown) {
      this.#db.close()
      throw thrown
    }
  }

  /** `null` where another process has it, or has just removed its file. */
  static take(file: string): HeldLock | null {
    try {
      const lock = new HeldLock(file)
      // One that was removed meanwhile guards nothing, even where there is another file of its name by now.
      if (lock.#inode !== null && lock.#inode === inodeOf(file)) return lock
      lock.release()
      return null
    } catch (thrown) {
      if (isBusy(thrown)) return null
      throw thrown
    }
  }

  release(): void {
    this.#db.close()
  }
}

/** `unknown` where it cannot be told, as without the right to write the file. */
export type LockState = 'held' | 'free' | 'missing' | 'unknown'

export function lockStateOf(file: string): LockState {
  return tryLock(file, () => {})
}

/** Removes the file of a lock that nobody holds. */
export function removeIfFree(file: string): void {
  // Under the lock: who is about to take it finds it taken, and does not go on with a file that is gone.
  tryLock(file, () => rmSync(file, { force: true }))
}

function tryLock(file: string, whileHeld: () => void): LockState {
  if (!existsSync(file)) return 'missing'
  try {
    const db = new Database(file, { fileMustExist: true, timeout: 0 })
    try {
      lockExclusively(db)
      whileHeld()
      return 'free'
    } finally {
      db.close()
    }
  } catch (thrown) {
    return isBusy(thrown) ? 'held' : 'unknown'
  }
}

function lockExclusively(db: Database.Database): void {
  // Nothing is ever written, so no journal is wanted as a file.
  db.pragma('journal_mode = MEMORY')
  db.exec('BEGIN EXCLUSIVE')
}

/** Which file bears this name now; `null` when none does. */
function inodeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? null
}

function isBusy(thrown: unknown): boolean {
  return codeOf(thrown).startsWith('SQLITE_BUSY')
}

/** `f_type` of file systems that several kernels may share (statfs(2)): NFS, SMB, CIFS, 9p, FUSE and virtiofs, Ceph. */
const sharedFileSystems: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x01021997, 0x65735546, 0x00c36400,
])

/** Whether another kernel may hold a lock of this file that this one does not see. */
export function mayBeLockedElsewhere(file: string): boolean {
  return sharedFileSystems.has(statfsSync(file).type)
}
