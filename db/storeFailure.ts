import Database from 'better-sqlite3'
import { z } from 'zod'
import { fail, LabFailure, reasonOf } from '../contract/error.ts'

const fullHint = 'Free some space there. What was stored before is kept; resume the run afterwards.'

export const damagedHint =
  'The rest can be read. `recover` salvages it into a new database; a damaged run can be deleted.'

/** @throws LabFailure `store-corrupt`, always. */
export function refuseDamaged(message: string): never {
  fail('store-corrupt', message, damagedHint)
}

/**
 * Any error of SQLite, of the file system or of reading a row back, as a {@link LabFailure} of a store kind.
 * Result codes: https://www.sqlite.org/rescode.html
 */
export function toStoreFailure(thrown: unknown, file: string): LabFailure {
  if (thrown instanceof LabFailure) return thrown
  const options = { cause: thrown }
  if (thrown instanceof z.ZodError) {
    const message = `a row of ${file} cannot be read: ${z.prettifyError(thrown)}`
    return new LabFailure({ kind: 'store-corrupt', message, hint: damagedHint }, options)
  }
  const code = codeOf(thrown)
  const reason = reasonOf(thrown)
  // SQLite reports ENOSPC as SQLITE_FULL, except while it grows the shared-memory file beside the database.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new LabFailure(
      { kind: 'store-full', message: `no space left for ${file}`, hint: fullHint },
      options,
    )
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new LabFailure(readOnlyError(file), options)
  }
  if (code.startsWith('SQLITE_BUSY')) return new LabFailure(lockedForTooLong(file), options)
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || isDamagedSchema(code, reason)) {
    const message = `${file} is damaged: ${reason}`
    return new LabFailure({ kind: 'store-corrupt', message, hint: damagedHint }, options)
  }
  const message = `${file} cannot be used: ${reason.startsWith(code) ? '' : `${code}, `}${reason}`
  return new LabFailure({ kind: 'store-failed', message, hint: 'Check the file and its folder.' }, options)
}

/** The lab's statements are right: what one of them does not find, the text of the schema has lost. */
function isDamagedSchema(code: string, reason: string): boolean {
  return code === 'SQLITE_ERROR' && /^no such (column|index|table)/.test(reason)
}

export function lockedForTooLong(file: string) {
  const message = `another lab kept ${file} locked for too long`
  return { kind: 'busy', message, hint: 'Try again in a moment.' } as const
}

export function readOnlyError(file: string) {
  return {
    kind: 'store-read-only',
    message: `${file} cannot be written`,
    hint: 'Give yourself write access to the folder, or name another one with DMABUF_LAB_HOME or --db.',
  } as const
}

/** Runs `work` on the database `file`; whatever it throws comes out as a typed failure. */
export function storing<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw toStoreFailure(thrown, file)
  }
}

export function isDamage(code: string): boolean {
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_IOERR_SHORT_READ'
}

/** SQLite's extended result code, or the code of a file-system error; empty for anything else. */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof Database.SqliteError) return thrown.code
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code
  return ''
}
