import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { applicationId, applicationIdOf, migrate, storeVersion, userVersionOf } from './migrate.ts'

const tables = (db: Database.Database) =>
  db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'step%'`).pluck().all()

test('brings an empty database to the version of this lab and names it ours', () => {
  const db = new Database(':memory:')
  migrate(db)
  expect(userVersionOf(db)).toBe(storeVersion)
  expect(applicationIdOf(db)).toBe(applicationId)
})

test('does each step once', () => {
  const db = new Database(':memory:')
  const first = { version: 1, sql: 'CREATE TABLE step1 (a)' }
  migrate(db, [first])
  migrate(db, [first, { version: 2, sql: 'CREATE TABLE step2 (a)' }])
  expect(tables(db)).toEqual(['step1', 'step2'])
  expect(userVersionOf(db)).toBe(2)
})

test('a step that fails half-way leaves nothing of itself and keeps the steps before it', () => {
  const db = new Database(':memory:')
  const steps = [
    { version: 1, sql: 'CREATE TABLE step1 (a)' },
    { version: 2, sql: 'CREATE TABLE step2 (a); INSERT INTO missing VALUES (1)' },
  ]
  expect(() => migrate(db, steps)).toThrow('no such table: missing')
  expect(tables(db)).toEqual(['step1'])
  expect(userVersionOf(db)).toBe(1)
})
