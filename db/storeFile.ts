import { accessSync, constants, existsSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { fail, LabFailure } from '../contract/error.ts'
import { makeFolder } from './makeFolder.ts'
import { schemaCookieOf } from './migrate.ts'
import { codeOf, isDamage, readOnlyError } from './storeFailure.ts'
import { identityInHeader, identityOf, refuseForeign } from './storeIdentity.ts'

/** Makes the folder of `file` and proves that the lab may write there. @throws LabFailure `store-read-only`. */
export function ensureWritable(file: string): void {
  const folder = dirname(file)
  makeFolder(folder)
  for (const path of [folder, file]) {
    if (existsSync(path) && !isWritable(path)) throw new LabFailure(readOnlyError(path))
  }
}

/**
 * Why nothing of an existing database can be read, or `null`. A check of every page takes seconds a gigabyte, so damage
 * elsewhere is found by who reads there; what it leaves stays of use.
 * Opens it for reading only: a file that is not ours, or not yet ours, is left as it is.
 * @throws LabFailure `store-newer` for a schema from the future, `bad-input` for another program's database.
 */
export function damageOf(file: string): string | null {
  const status = statSync(file, { throwIfNoEntry: false })
  if (status !== undefined && !status.isFile())
    fail('bad-input', `${file} is not a file`, 'Name a database file.')
  if (status === undefined || status.size === 0) return null
  const header = identityInHeader(file)
  if (header !== null) refuseForeign(header, file)
  try {
    const db = openToJudge(file)
    try {
      const identity = identityOf(db)
      refuseForeign(identity, file)
      if (identity.schemaCookie > 0) readHead(db)
      return null
    } finally {
      db.close()
    }
  } catch (thrown) {
    if (isDamage(codeOf(thrown)) && thrown instanceof Error) return thrown.message
    throw thrown
  }
}

/** A lab that was killed while it began the file left a journal, which only a connection that may write rolls back. */
function openToJudge(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    schemaCookieOf(db)
    return db
  } catch (thrown) {
    db.close()
    if (codeOf(thrown) !== 'SQLITE_READONLY_ROLLBACK') throw thrown
    return new Database(file, { fileMustExist: true })
  }
}

/**
 * Opens a database of any state and any version of this lab, for reading only.
 * @throws LabFailure `bad-input` for a file that is none, `store-newer`; and what SQLite throws.
 */
export function openToRead(file: string): Database.Database {
  const identity = existsSync(file) ? identityInHeader(file) : null
  if (identity === null) fail('bad-input', `${file} is no SQLite database`, 'There is nothing in it to read.')
  refuseForeign(identity, file)
  return new Database(file, { readonly: true, fileMustExist: true })
}

/** @throws LabFailure `bad-input` for a file with content that does not begin as a SQLite database does. */
export function refuseNoDatabase(file: string): void {
  const status = statSync(file, { throwIfNoEntry: false })
  if (status === undefined || !status.isFile() || status.size === 0 || identityInHeader(file) !== null) return
  fail('bad-input', `${file} is not a database`, 'Name another file; this one was not touched.')
}

/**
 * Moves a damaged database away, with its journal or log, under a name that nothing has yet.
 * @returns the new name.
 */
export function setAside(file: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-')
  let aside = `${file}.corrupt-${stamp}`
  for (let attempt = 2; existsSync(aside); attempt++) aside = `${file}.corrupt-${stamp}-${attempt}`
  // The database last: a log without one is no database, and one without its log is another.
  for (const suffix of ['-journal', '-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return aside
}

/** Both ends of the list of runs, and the roots of the other tables. */
function readHead(db: Database.Database): void {
  for (const table of ['runs', 'samples']) {
    // By the id, which is the table itself and no index.
    for (const way of ['ASC', 'DESC']) db.prepare(`SELECT id FROM ${table} ORDER BY id ${way} LIMIT 1`).get()
  }
  db.prepare('SELECT 1 FROM spans LIMIT 1').get()
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch (thrown) {
    // Another shell may just have moved it away.
    return codeOf(thrown) === 'ENOENT'
  }
}
