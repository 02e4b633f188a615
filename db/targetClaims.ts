import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { fail } from '../contract/error.ts'
import type { TargetId } from '../contract/target.ts'
import type { Owners } from './owner.ts'
import { ownerColumns, ownerOf, ownerRow } from './rows.ts'

const claimRow = ownerRow.extend({ runId: z.number().int().nullable() })
export type Claim = z.infer<typeof claimRow>

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
    const claim = this.of(target)
    if (claim !== null) this.#refuseAlive(target, claim)
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO claims (target, runId, ownerPid, ownerBootId, ownerLock)
         VALUES (:target, :runId, :ownerPid, :ownerBootId, :ownerLock)`,
      )
      .run({ target, runId, ...ownerColumns(this.#owners.self()) })
  }

  /** Who measures on a target, or did when it died; `null` of nobody. */
  of(target: TargetId): Claim | null {
    const row = this.#db
      .prepare('SELECT runId, ownerPid, ownerBootId, ownerLock FROM claims WHERE target = ?')
      .get(target)
    return row === undefined ? null : claimRow.parse(row)
  }

  /** Takes a target from whoever has it. */
  free(target: TargetId): void {
    this.#db.prepare('DELETE FROM claims WHERE target = ?').run(target)
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

  #refuseAlive(target: TargetId, claim: Claim): void {
    const owner = ownerOf(claim)
    if (!this.#owners.isAlive(owner)) return
    const who = this.#owners.isSelf(owner) ? '' : ' of another shell'
    const what = claim.runId === null ? `the ceiling of ${target} is` : `run ${claim.runId}${who} is`
    fail(
      'busy',
      claim.runId === null ? `${what} being measured` : `${what} measuring on ${target}`,
      this.#owners.lifeOf(owner) === 'alive'
        ? 'Wait for it, or cancel it there.'
        : `Wait for it, or cancel it there. Whether its lab is alive cannot be told: if it is not, abandon it (\`abandon ${target}\`).`,
    )
  }
}
