import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { exampleSample, exampleSpans } from './fixtures/exampleRun.ts'
import { applicationId, applicationIdOf, migrate, storeVersion, userVersionOf } from './migrate.ts'
import { openStore } from './openStore.ts'

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

/** What `fixtures/version1.db`, written by a lab of that version, holds of its first run. */
const version1Totals = [
  ['read-async-direct', 7245920],
  ['normal', 14358129],
  ['normal', 14650037],
  ['read-async-direct', 6640175],
  ['read-async-direct', 7002442],
  ['normal', 14670938],
]

test('a database of version 1 that was stored then is read, and what it left running is found dead', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-migrate-'))
  const file = join(folder, 'lab.db')
  copyFileSync(join(import.meta.dirname, 'fixtures', 'version1.db'), file)
  const store = openStore(file)
  expect(store.notices.join()).toContain('Run 2 was interrupted')
  expect(store.runs.listRuns()).toMatchObject([
    { id: 2, target: 'local', status: 'interrupted', samplesDone: 3 },
    { id: 1, target: 'sim:ufs4-phone-2024', status: 'finished', samplesDone: 6, title: expect.any(String) },
  ])
  const { run, samples } = store.runs.getRun(1)
  expect(run).toMatchObject({ labVersion: '0.1.0', plan: { schemes: ['normal', 'read-async-direct'] } })
  expect(samples.map(({ scheme, totalNs }) => [scheme, totalNs])).toEqual(version1Totals)
  expect(store.runs.getSpans(samples[0]?.id ?? 0).length).toBeGreaterThan(0)
  expect(store.runs.reopenRun(2).status).toBe('running')
  store.runs.addSample(2, exampleSample({ repeat: 3 }), exampleSpans(2))
  store.close()
  rmSync(folder, { recursive: true })
})
