import Database from 'better-sqlite3'
import { z } from 'zod'
import { createPrivately } from './privateFiles.ts'
import { changeSealed } from './runChecksums.ts'

/**
 * Writes one state of an open database, without its free space, into a new file. What is running in it is interrupted in
 * the copy, where nobody measures.
 */
export function copyDatabase(db: Database.Database, into: string, reason: string): void {
  createPrivately(into)
  db.prepare('VACUUM INTO ?').run(into)
  const copy = new Database(into)
  try {
    interruptAll(copy, reason)
  } finally {
    copy.close()
  }
}

/** The copy may be of an older lab's database, which has not all that this one's has. */
function interruptAll(copy: Database.Database, reason: string): void {
  const interrupt = copy.prepare(
    `UPDATE runs SET status = 'interrupted', reason = :reason, endedAt = changedAt, ownerPid = NULL, ownerBootId = NULL
     WHERE id = :id`,
  )
  const hasChecksums =
    copy.prepare("SELECT 1 FROM pragma_table_info('runs') WHERE name = 'checksum'").get() !== undefined
  const running = z
    .array(z.number())
    .parse(copy.prepare("SELECT id FROM runs WHERE status = 'running'").pluck().all())
  for (const id of running) {
    const work = () => interrupt.run({ id, reason })
    if (hasChecksums) changeSealed(copy, { runId: id, parts: ['checksum'] }, work)
    else work()
  }
  const hasClaims = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'claims'").get() !== undefined
  if (hasClaims) copy.exec('DELETE FROM claims')
}
