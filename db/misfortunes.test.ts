import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { examplePlan, exampleSample, exampleSpans } from './fixtures/exampleRun.ts'
import { openStore } from './openStore.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-misfortunes-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

const newRun = { plan: examplePlan(), labVersion: '0.2.0', title: 'a run' }

describe('a power loss', () => {
  const count = 20

  /** A history whose commits are in the write-ahead log alone, as they are between two checkpoints. */
  function storeInLog(file: string): { database: Buffer; log: Buffer } {
    const store = openStore(file)
    const { id } = store.runs.createRun(newRun)
    for (let repeat = 0; repeat < count; repeat++)
      store.runs.addSample(id, exampleSample({ repeat }), exampleSpans(8))
    const files = { database: readFileSync(file), log: readFileSync(`${file}-wal`) }
    store.close()
    return files
  }

  /** The samples that a lab finds after the files were as they are given. */
  function repeatsAfter(database: Buffer, log: Buffer): number[] {
    const file = join(mkdtempSync(join(folder, 'after-')), 'lab.db')
    writeFileSync(file, database)
    writeFileSync(`${file}-wal`, log)
    const store = openStore(file)
    const repeats = store.runs.listRuns().flatMap(({ id }) => {
      const { samples } = store.runs.getRun(id)
      for (const sample of samples) expect(store.runs.getSpans(sample.id)).toHaveLength(8)
      return samples.map(({ repeat }) => repeat)
    })
    store.close()
    const db = new Database(file, { readonly: true })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
    return repeats
  }

  const all = Array.from({ length: count }, (_, repeat) => repeat)

  test('that cuts the log anywhere leaves the first samples, whole, and a sound file', () => {
    const { database, log } = storeInLog(join(folder, 'lab.db'))
    expect(repeatsAfter(database, log)).toEqual(all)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: log.length - 1 }), length => {
        const repeats = repeatsAfter(database, log.subarray(0, length))
        expect(repeats).toEqual(all.slice(0, repeats.length))
      }),
      { numRuns: 40 },
    )
  })

  test('that left a block of the log unwritten is the same', () => {
    const { database, log } = storeInLog(join(folder, 'lab.db'))
    const blockBytes = 4096
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Math.floor(log.length / blockBytes) - 1 }), block => {
        const torn = Buffer.from(log).fill(0, block * blockBytes, (block + 1) * blockBytes)
        const repeats = repeatsAfter(database, torn)
        expect(repeats).toEqual(all.slice(0, repeats.length))
        expect(repeats.length).toBeLessThan(count)
      }),
      { numRuns: 40 },
    )
  })
})

test('a clock that is set back during a run changes no order and hides no run', () => {
  const store = openStore(join(folder, 'lab.db'))
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-28T12:00:00Z') })
  const first = store.runs.createRun(newRun)
  store.runs.addSample(first.id, exampleSample({ repeat: 0 }), exampleSpans(1))
  vi.setSystemTime(new Date('2001-01-01T00:00:00Z'))
  store.runs.addSample(first.id, exampleSample({ repeat: 1 }), exampleSpans(1))
  store.runs.endRun(first.id, { status: 'finished', reason: '', capabilitiesAfter: null })
  const second = store.runs.createRun(newRun)
  expect(store.runs.listRuns().map(({ id }) => id)).toEqual([second.id, first.id])
  expect(store.runs.getRun(first.id).samples.map(({ repeat }) => repeat)).toEqual([0, 1])
  store.close()
})

test('a copy that was made of a closed history is a history', () => {
  const store = openStore(join(folder, 'lab.db'))
  const { id } = store.runs.createRun(newRun)
  store.runs.addSample(id, exampleSample(), exampleSpans(1))
  store.close()
  mkdirSync(join(folder, 'copy'))
  copyFileSync(join(folder, 'lab.db'), join(folder, 'copy', 'lab.db'))
  const copy = openStore(join(folder, 'copy', 'lab.db'))
  expect(copy.runs.getRun(id).samples).toHaveLength(1)
  copy.close()
})
