import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { initial } from './migrations/0001Initial.ts'
import { heldLocks } from './migrations/0002HeldLocks.ts'
import { failuresAgain } from './migrations/0003FailuresAgain.ts'
import { settings } from './migrations/0004Settings.ts'
import { runChecksums } from './migrations/0005RunChecksums.ts'
import { ledger } from './migrations/0006Ledger.ts'
import { listedAnswers } from './migrations/0007ListedAnswers.ts'
import { failedSamples } from './migrations/0008FailedSamples.ts'
import { moreChecksums } from './migrations/0009MoreChecksums.ts'
import type { Migration } from './migrations/migration.ts'

const migrations: readonly Migration[] = [
  initial,
  heldLocks,
  failuresAgain,
  settings,
  runChecksums,
  ledger,
  listedAnswers,
  failedSamples,
  moreChecksums,
]

/** The schema this lab writes, in `PRAGMA user_version`. */
export const storeVersion = migrations.length

/** "DmaL" in `PRAGMA application_id`: marks the file as this lab's, for file(1) and for us. */
export const applicationId = 0x446d614c

const pragmaNumber = z.number().int()

export function userVersionOf(db: Database): number {
  return pragmaNumber.parse(db.pragma('user_version', { simple: true }))
}

export function applicationIdOf(db: Database): number {
  return pragmaNumber.parse(db.pragma('application_id', { simple: true }))
}

/** Counts changes of the schema; 0 in a database without a table. */
export function schemaCookieOf(db: Database): number {
  return pragmaNumber.parse(db.pragma('schema_version', { simple: true }))
}

/** Brings the schema up to date, each step in a transaction of its own: a step is done wholly or not at all. */
export function migrate(db: Database, steps: readonly Migration[] = migrations): void {
  for (const step of steps) {
    const apply = db.transaction(() => {
      // Read under the write lock: a second shell may have done this step while we waited.
      if (userVersionOf(db) >= step.version) return
      db.exec(step.sql)
      db.pragma(`application_id = ${applicationId}`)
      db.pragma(`user_version = ${step.version}`)
    })
    apply.immediate()
  }
}
