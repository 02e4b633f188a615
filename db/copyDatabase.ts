import Database from 'better-sqlite3'
import { createPrivately } from './privateFiles.ts'

/**
 * Writes one state of an open database, without its free space, into a new file. What is running in it is interrupted in
 * the copy, where nobody measures.
 */
export function copyDatabase(db: Database.Database, into: string, reason: string): void {
  createPrivately(into)
  db.prepare('VACUUM INTO ?').run(into)
  const copy = new Database(into)
  try {
    copy
      .prepare(
        `UPDATE runs SET status = 'interrupted', reason = ?, endedAt = changedAt, ownerPid = NULL, ownerBootId = NULL
         WHERE status = 'running'`,
      )
      .run(reason)
    const hasClaims = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'claims'").get() !== undefined
    if (hasClaims) copy.exec('DELETE FROM claims')
  } finally {
    copy.close()
  }
}
