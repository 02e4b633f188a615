import { closeSync, openSync, readSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { fail } from '../contract/error.ts'
import { applicationId, applicationIdOf, schemaCookieOf, storeVersion, userVersionOf } from './migrate.ts'

/** Whose database a file is, and of which schema version. */
type Identity = {
  readonly applicationId: number
  readonly userVersion: number
  /** 0 until a first table was made. */
  readonly schemaCookie: number
}

const magic = 'SQLite format 3\0'

/**
 * Reads the identity from the file's first 100 bytes (sqlite.org/fileformat2.html, 1.3), so that a foreign file is
 * not even opened by SQLite, which would leave a log beside it. `null` when the file is no SQLite database.
 */
export function identityInHeader(file: string): Identity | null {
  const header = Buffer.alloc(100)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header)
  } finally {
    closeSync(descriptor)
  }
  if (header.toString('latin1', 0, magic.length) !== magic) return null
  return {
    schemaCookie: header.readUInt32BE(40),
    userVersion: header.readInt32BE(60),
    applicationId: header.readInt32BE(68),
  }
}

/** The same as SQLite sees it: with a write-ahead log, the header on disk may be behind. */
export function identityOf(db: Database): Identity {
  return {
    schemaCookie: schemaCookieOf(db),
    userVersion: userVersionOf(db),
    applicationId: applicationIdOf(db),
  }
}

/** @throws LabFailure `store-newer` for a schema from the future, `bad-input` for another program's database. */
export function refuseForeign(identity: Identity, file: string): void {
  const isFresh = identity.applicationId === 0 && identity.schemaCookie === 0
  if (identity.applicationId !== applicationId && !isFresh) {
    fail(
      'bad-input',
      `${file} is a database of another program`,
      'Name another file; this one was not touched.',
    )
  }
  if (identity.userVersion > storeVersion) {
    fail(
      'store-newer',
      `${file} has schema version ${identity.userVersion}; this lab knows versions up to ${storeVersion}`,
      'Use a newer lab for it, or name another folder with DMABUF_LAB_HOME. The file was not touched.',
    )
  }
}
