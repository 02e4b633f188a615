import Database from 'better-sqlite3'
import { LedgerStore } from './ledgerStore.ts'
import { migrate, storeVersion, userVersionOf } from './migrate.ts'
import { whileOpening } from './openingLock.ts'
import { Owners } from './owner.ts'
import { createPrivately } from './privateFiles.ts'
import { makeSpaceReturnable } from './returnSpace.ts'
import { RunStore } from './runStore.ts'
import { storing } from './storeFailure.ts'
import { damageOf, ensureWritable, refuseNoDatabase, setAside } from './storeFile.ts'

/**
 * Pages that a connection keeps, for as long as it is open. More make no list of 10,000 runs faster, and a lab that is
 * open for days would grow to them.
 */
const cacheKiB = 4096

/** How long a write waits for another shell's write. A commit takes milliseconds; this is for a loaded disk. */
const busyTimeoutMs = 5000

export type Store = {
  readonly file: string
  readonly runs: RunStore
  readonly ledger: LedgerStore
  /** What a person should know at once: a damaged database kept aside, runs found dead. */
  readonly notices: readonly string[]
  readonly close: () => void
}

/**
 * Opens the lab's database, or makes it. Several shells may have one open at the same time.
 * @throws LabFailure `store-newer`, `store-read-only`, `store-full`, `bad-input` or `store-failed`; nothing is
 * changed then. A damaged file is no error: it is kept aside, named in `notices`, and a fresh one is begun.
 */
export function openStore(file: string): Store {
  return storing(file, () => {
    ensureWritable(file)
    const { db, olderVersion, notices } = whileOpening(file, busyTimeoutMs, () => begin(file))
    try {
      if (olderVersion !== null) makeSpaceReturnable(db)
      const runs = new RunStore(db, new Owners(file))
      const interrupted = runs.markInterrupted()
      if (interrupted.length > 0) notices.push(interruptedNotice(interrupted))
      const ledger = new LedgerStore(db, runs)
      return { file, runs, ledger, notices, close: () => closeStore(db, runs) }
    } catch (thrown) {
      db.close()
      throw thrown
    }
  })
}

/**
 * The same for a file that a person named: one that is no SQLite database at all is theirs, and is not moved aside.
 * @throws LabFailure `bad-input` for such a file, and as {@link openStore}.
 */
export function openNamedStore(file: string): Store {
  storing(file, () => refuseNoDatabase(file))
  return openStore(file)
}

type Begun = {
  readonly db: Database.Database
  /** The schema version that the file had, where it was migrated. */
  readonly olderVersion: number | null
  readonly notices: string[]
}

function begin(file: string): Begun {
  const notices = keepDamagedAside(file)
  const db = connect(file)
  try {
    const version = userVersionOf(db)
    migrate(db)
    return { db, olderVersion: version > 0 && version < storeVersion ? version : null, notices }
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/**
 * WAL with synchronous=NORMAL: a commit is handed to the kernel before it is acknowledged, so it survives the death
 * of any process. After a power loss the last commits may be missing, and nothing else (sqlite.org/pragma.html).
 * FULL would flush the disk at every sample, and that disk is often the one being measured.
 */
function connect(file: string): Database.Database {
  // Its log and shared memory get the mode of the file.
  createPrivately(file)
  const db = new Database(file, { timeout: busyTimeoutMs })
  try {
    // Before the first table: what is deleted later can be given back in slices.
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    db.pragma(`cache_size = -${cacheKiB}`)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function closeStore(db: Database.Database, runs: RunStore): void {
  if (!db.open) return
  try {
    runs.release()
  } finally {
    db.close()
  }
}

function keepDamagedAside(file: string): string[] {
  const damage = damageOf(file)
  if (damage === null) return []
  const aside = setAside(file, new Date())
  return [`The database was damaged (${damage}). It is kept as ${aside}; a fresh one was begun.`]
}

function interruptedNotice(runIds: readonly number[]): string {
  return runIds.length === 1
    ? `Run ${runIds[0]} was interrupted: the lab that ran it died. Its samples are kept; it can be resumed.`
    : `Runs ${runIds.join(', ')} were interrupted: the labs that ran them died. Their samples are kept; they can be resumed.`
}
