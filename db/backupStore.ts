import { existsSync, renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { fail } from '../contract/error.ts'
import { copyDatabase } from './copyDatabase.ts'
import { storing } from './storeFailure.ts'
import { damageOf } from './storeFile.ts'

/**
 * Copies a database, which labs may be using, into a new file that opens like it: one state of it, without its free
 * space. What is running in it is interrupted in the copy, where nobody measures.
 * @throws LabFailure `bad-input` for a file that is there already or no database, and of the store kinds.
 */
export function backupStore(file: string, copy: string): void {
  refuseExisting(copy)
  storing(file, () => {
    if (!existsSync(file)) fail('not-found', `there is no database ${file}`, 'Name the database with --db.')
    damageOf(file)
    const partial = `${copy}.partial`
    rmSync(partial, { force: true })
    try {
      copyInto(file, partial)
      refuseExisting(copy)
      renameSync(partial, copy)
    } finally {
      rmSync(partial, { force: true })
    }
  })
}

function copyInto(file: string, partial: string): void {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    copyDatabase(db, partial, 'it was running when the backup was made')
  } finally {
    db.close()
  }
}

/** @throws LabFailure `bad-input`. */
export function refuseExisting(file: string): void {
  if (existsSync(file))
    fail('bad-input', `${file} is there already`, 'Name a new file; this one was not touched.')
}
