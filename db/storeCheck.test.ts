import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { examplePlan, exampleSample, exampleSpans } from './fixtures/exampleRun.ts'
import { storeRun } from './fixtures/storeRun.ts'
import { openStore, type Store } from './openStore.ts'
import { checkStore, isSound, StoreCheck } from './storeCheck.ts'

let folder: string
let file: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-check-'))
  file = join(folder, 'lab.db')
  store = openStore(file)
})

afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

function change(sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

/** Leaves of a table or index. */
function pagesOf(name: string): number[] {
  const db = new Database(file, { readonly: true })
  const pages = db.prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'").pluck().all(name)
  db.close()
  return pages.map(Number)
}

const sound = { damagedRuns: [], damagedSamples: 0, damagedSpans: 0, damagedIndexes: [] }

describe('a check', () => {
  test('of a sound database finds nothing, also beside a lab that stores and deletes', () => {
    const deleted = storeRun(store, 5)
    storeRun(store, 3)
    store.runs.deleteRun(deleted)
    // Some of it is gone, and the rest on its way.
    store.runs.deleteSlice()
    expect(checkStore(file)).toEqual({ ...sound, runs: 1, samples: 3 })
    const check = new StoreCheck(file)
    const { id } = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
    let repeat = 0
    while (check.slice()) store.runs.addSample(id, exampleSample({ repeat: repeat++ }), exampleSpans(2))
    expect(isSound(check.result)).toBe(true)
    check.close()
  })

  test.each([
    [
      'a plan',
      'UPDATE runs SET plan = replace(plan, \'"repeats":5\', \'"repeats":7\') WHERE id = 2',
      { damagedRuns: [2] },
    ],
    [
      'a ceiling',
      "UPDATE runs SET ceiling = replace(ceiling, '2000', '2001') WHERE id = 1",
      { damagedRuns: [1] },
    ],
    [
      'a cut row',
      'UPDATE runs SET capabilities = substr(capabilities, 1, 9) WHERE id = 1',
      { damagedRuns: [1] },
    ],
    ['a note', "UPDATE runs SET note = 'another' WHERE id = 2", { damagedRuns: [2] }],
    ['a figure', 'UPDATE samples SET totalNs = totalNs + 4 WHERE id = 5', { damagedSamples: 1 }],
    ['a span', 'UPDATE spans SET endNs = endNs + 1 WHERE sampleId = 2', { damagedSpans: 1 }],
    ['a lost span', 'DELETE FROM spans WHERE sampleId = 2 AND "index" = 3', { damagedSpans: 1 }],
    ['a lost sample', 'DELETE FROM samples WHERE id = 6', { damagedRuns: [2], samples: 5 }],
  ])('finds %s', (_what, sql, found) => {
    storeRun(store, 3)
    storeRun(store, 3)
    change(sql)
    expect(checkStore(file)).toEqual({ ...sound, runs: 2, samples: 6, ...found })
  })

  test('finds an index that leads past a run', () => {
    for (let run = 0; run < 3; run++) storeRun(store, 1)
    store.close()
    // The date of a run, in the index alone.
    const bytes = readFileSync(file)
    const [page = 0] = pagesOf('runsListed')
    const at = bytes.indexOf('finished', (page - 1) * 4096)
    bytes.write('finishee', at)
    writeFileSync(file, bytes)
    expect(checkStore(file)).toEqual({ ...sound, runs: 3, samples: 3, damagedIndexes: ['runs'] })
  })

  test('goes on behind a page that cannot be read', () => {
    for (let run = 0; run < 30; run++) storeRun(store, 3)
    store.close()
    const leaves = pagesOf('samples')
    const bytes = readFileSync(file)
    const page = Number(leaves[Math.floor(leaves.length / 2)])
    bytes.fill(0x5a, (page - 1) * 4096, page * 4096)
    writeFileSync(file, bytes)
    const { samples, damagedSamples } = checkStore(file)
    expect(damagedSamples).toBeGreaterThan(3)
    expect(samples + damagedSamples).toBe(90)
  })

  test('reads a database of the first version, and changes none', () => {
    const old = join(folder, 'old.db')
    copyFileSync(join(import.meta.dirname, 'fixtures', 'version1.db'), old)
    const before = readFileSync(old)
    expect(checkStore(old)).toEqual({ ...sound, runs: 2, samples: 9 })
    expect(readFileSync(old)).toEqual(before)
  })
})
