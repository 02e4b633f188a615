import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { fail } from '../contract/error.ts'
import type { TargetId } from '../contract/target.ts'
import type { Owners } from './owner.ts'
import { ownerColumns, ownerOf, ownerRow } from './rows.ts'

const claimRow = ownerRow.extend({ runId: z.number().int().nullable() })

/**
 * Which targets are measured on, by runs or for their ceiling, in whichever lab of this database: one claim a target.
 * Callers hold the transaction, so to look and to claim is one step.
 */
export class TargetClaims {
  readonly #db: Database
  readonly #owners: Owners

  constructor(db: Database, owners: Owners) {
    this.#db = db
    this.#owners = owners
  }

  /** `runId`: `null` for the ceiling. @throws LabFailure `busy` where somebody who may be alive measures. */
  take(target: TargetId, runId: number | null): void {
    const row = this.#db
      .prepare('SELECT runId, ownerPid, ownerBootId, ownerLock FROM claims WHERE target = ?')
      .get(target)
    if (row !== undefined) this.#refuseAlive(target, claimRow.parse(row))
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO claims (target, runId, ownerPid, ownerBootId, ownerLock)
         VALUES (:target, :runId, :ownerPid, :ownerBootId, :ownerLock)`,
      )
      .run({ target, runId, ...ownerColumns(this.#owners.self()) })
  }

  /** Lets a target go that this lab has claimed. */
  drop(target: TargetId): void {
    const { lock } = this.#owners.self()
    this.#db.prepare('DELETE FROM claims WHERE target = ? AND ownerLock = ?').run(target, lock)
  }

  /** The locks of those who have claims. */
  lockNames(): string[] {
    return z.array(z.string()).parse(this.#db.prepare('SELECT ownerLock FROM claims').pluck().all())
  }

  #refuseAlive(target: TargetId, claim: z.infer<typeof claimRow>): void {
    const owner = ownerOf(claim)
    if (!this.#owners.isAlive(owner)) return
    const who = this.#owners.isSelf(owner) ? '' : ' of another shell'
    const what = claim.runId === null ? `the ceiling of ${target} is` : `run ${claim.runId}${who} is`
    fail(
      'busy',
      claim.runId === null ? `${what} being measured` : `${what} measuring on ${target}`,
      'Wait for it, or cancel it there.',
    )
  }
}
