import { join, resolve } from 'node:path'
import { backupStore } from '../../db/backupStore.ts'
import { type Recovery, recoverStore } from '../../db/recoverStore.ts'
import { type CheckResult, checkStore } from '../../db/storeCheck.ts'
import { databaseName, dataDirectoryOf } from './paths.ts'

/** Copies the database, the data folder's or another one. Returns its path. @throws LabFailure as `backupStore`. */
export function backupDatabase(copy: string, database?: string): string {
  const file = database === undefined ? join(dataDirectoryOf(process.env), databaseName) : resolve(database)
  backupStore(file, resolve(copy))
  return file
}

/** @throws LabFailure as `recoverStore`. */
export function recoverDatabase(damaged: string, into: string): Recovery {
  return recoverStore(resolve(damaged), resolve(into))
}

/** Only reads. @throws LabFailure as `checkStore`. */
export function checkDatabase(file: string): CheckResult {
  return checkStore(resolve(file))
}
