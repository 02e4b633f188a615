import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { codeOf } from './storeFailure.ts'

/** So few that another lab's sample waits for milliseconds. */
const pagesAtOnce = 1000
/** More content than this is not rewritten in one go: everybody would wait for it. */
const rewrittenPages = 16_384
/** `PRAGMA auto_vacuum`: free pages can be given back one after the other. */
const incremental = 2

/** Gives some free pages back to the file system. @returns whether there may be more to give. */
export function returnSpace(db: Database): boolean {
  if (numberOf(db, 'auto_vacuum') !== incremental) {
    makeSpaceReturnable(db)
    return false
  }
  const before = numberOf(db, 'freelist_count')
  if (before === 0) return false
  db.pragma(`incremental_vacuum(${pagesAtOnce})`)
  return numberOf(db, 'freelist_count') < before
}

/** A database of an older lab gave no space back. It is rewritten once, where that is quick and nobody else is at it. */
export function makeSpaceReturnable(db: Database): void {
  const contentPages = numberOf(db, 'page_count') - numberOf(db, 'freelist_count')
  if (contentPages > rewrittenPages) return
  try {
    db.pragma('auto_vacuum = INCREMENTAL')
    db.exec('VACUUM')
  } catch (thrown) {
    const passing = ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL'].some(code =>
      codeOf(thrown).startsWith(code),
    )
    if (!passing) throw thrown
  }
}

function numberOf(db: Database, pragma: 'auto_vacuum' | 'freelist_count' | 'page_count'): number {
  return z.number().parse(db.pragma(pragma, { simple: true }))
}
