import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UntilChanged } from './untilChanged.ts'

let folder = ''
let db: Database.Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-until-changed-'))
  db = new Database(join(folder, 'some.db'))
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE runs (id INTEGER)')
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

test('an answer is kept until this connection or another one changes something, or it is asked something else', () => {
  const kept = new UntilChanged<unknown>(db)
  let reads = 0
  const count = (question: string) =>
    db.transaction(() =>
      kept.get(question, () => {
        reads += 1
        return db.prepare('SELECT count(*) FROM runs').pluck().get()
      }),
    )()
  expect([count('all'), count('all'), reads]).toEqual([0, 0, 1])
  db.exec('INSERT INTO runs VALUES (1)')
  expect([count('all'), count('all'), reads]).toEqual([1, 1, 2])
  const other = new Database(db.name)
  other.exec('INSERT INTO runs VALUES (2)')
  expect([count('all'), count('all'), reads]).toEqual([2, 2, 3])
  other.exec('DELETE FROM runs')
  other.close()
  expect([count('all'), reads]).toEqual([0, 4])
  expect([count('others'), reads]).toEqual([0, 5])
})
