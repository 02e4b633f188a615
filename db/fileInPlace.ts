import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { fail, reasonOf } from '../contract/error.ts'
import { copyDatabase } from './copyDatabase.ts'

/**
 * Whether an open database still is the file of its name. Where somebody deleted it or put another one in its place,
 * SQLite goes on with a file that nobody will find, and every sample is lost unnoticed.
 */
export class FileInPlace {
  readonly #db: Database
  readonly #opened: string | null
  /** Where a copy of it is, once it was found to be gone. */
  #kept: string | null = null

  constructor(db: Database) {
    this.#db = db
    this.#opened = identityOf(db.name)
  }

  /** @throws LabFailure `store-failed` where it is gone; all that it held is then in a copy, which the hint names. */
  check(): void {
    const now = identityOf(this.#db.name)
    if (now === this.#opened) return
    const what = now === null ? 'was deleted' : 'was replaced by another file'
    this.#kept ??= this.#keepCopy()
    fail('store-failed', `${this.#db.name} ${what} while the lab had it open`, this.#kept)
  }

  /** The deleted file is there for who has it open. Returns where its copy is, in words. */
  #keepCopy(): string {
    const copy = `${this.#db.name}.kept-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    try {
      copyDatabase(this.#db, copy, `it was running when ${this.#db.name} was lost`)
      return `What it held until then is kept as ${copy}. Start the lab again.`
    } catch (thrown) {
      return `What it held until then is lost: it cannot be copied to ${copy} (${reasonOf(thrown)}). Start the lab again.`
    }
  }
}

function identityOf(file: string): string | null {
  const status = statSync(file, { throwIfNoEntry: false })
  return status === undefined ? null : `${status.dev}/${status.ino}`
}
