import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { prepared } from './statements.ts'

/**
 * What was last read of a database, kept until anything in it changes: by this connection, as total_changes() counts, or
 * by another one, as PRAGMA data_version tells (https://sqlite.org/pragma.html#pragma_data_version).
 */
export class UntilChanged<T> {
  readonly #db: Database
  #kept: { readonly version: string; readonly question: string; readonly value: T } | null = null

  constructor(db: Database) {
    this.#db = db
  }

  /** The caller holds the transaction, so that the version is of what `read` sees. */
  get(question: string, read: () => T): T {
    const version = this.#version()
    if (this.#kept?.version !== version || this.#kept.question !== question)
      this.#kept = { version, question, value: read() }
    return this.#kept.value
  }

  #version(): string {
    const ours = prepared(this.#db, 'SELECT total_changes()').pluck().get()
    const theirs = this.#db.pragma('data_version', { simple: true })
    return z.tuple([z.number(), z.number()]).parse([ours, theirs]).join(' ')
  }
}
