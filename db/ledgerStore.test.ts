import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LedgerWindow, ledgerWindowSchema, newestFirst } from '../contract/ledger.ts'
import type { PlanInput } from '../contract/plan.ts'
import { MiB } from '../contract/size.ts'
import { baselineChange } from '../findings/baselineChange.ts'
import { runDigest } from '../findings/runDigest.ts'
import { exampleDetail } from './fixtures/exampleDetail.ts'
import { exampleCapabilities, exampleIdentity, examplePlan } from './fixtures/exampleRun.ts'
import { fillWithRuns } from './fixtures/manyRuns.ts'
import { openStore, type Store } from './openStore.ts'
import { openRunReader } from './readRuns.ts'

let folder: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-ledger-'))
  store = openStore(join(folder, 'lab.db'))
})

afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

/** An ended run whose gather takes `factor` of the time of its twin. */
function addRun(factor = 0.6, plan: Partial<PlanInput> = {}, kernel = '6.18.0-test'): number {
  const { samples } = exampleDetail(factor)
  const { id } = store.runs.createRun({ plan: examplePlan(plan), labVersion: '0.1.0', title: 'test machine' })
  const capabilities = exampleCapabilities(kernel)
  store.runs.setStarted(id, { capabilities, ceiling: null, identity: exampleIdentity, samplesPlanned: 24 })
  for (const { id: _, index: __, ...sample } of samples) store.runs.addSample(id, sample, [])
  store.runs.endRun(id, { status: 'finished', reason: '', capabilitiesAfter: null })
  return id
}

/** Works out what is not known, as the lab's thread does. */
function settle(): void {
  for (const runId of store.ledger.pendingIds(100).toReversed()) settleAnswer(runId)
  for (const runId of store.ledger.pendingIds(100)) settleChange(runId)
}

function settleAnswer(runId: number): void {
  const reader = openRunReader(store.file)
  const { detail, changedAt } = reader.get(runId)
  reader.close()
  if (store.ledger.taskOf(runId).answer !== null)
    store.ledger.storeDigest(runId, changedAt, runDigest(detail))
}

function settleChange(runId: number): void {
  const { change } = store.ledger.taskOf(runId)
  if (change === null) return
  const { cells } = store.ledger.cellsOf(change.baseline)
  store.ledger.storeChange(
    change,
    baselineChange(store.ledger.cellsOf(runId), { id: change.baseline, cells }),
  )
}

const rows = (window: Partial<LedgerWindow> = {}) => store.ledger.rows(ledgerWindowSchema.parse(window))
const found = (filter: string) =>
  rows({ filter, sort: { column: 'id', descending: false } }).rows.map(row => row.id)

describe('the answer of a run', () => {
  test('is worked out once it has ended, and again when repeats were added', () => {
    const id = addRun()
    expect(rows()).toMatchObject({
      total: 1,
      matching: 1,
      pending: 1,
      rows: [{ id, isKnown: false, answer: null }],
    })
    settle()
    const {
      pending,
      rows: [row],
    } = rows()
    expect(pending).toBe(0)
    expect(row).toMatchObject({
      isKnown: true,
      kernel: '6.18.0-test',
      gatherBytes: 4 * MiB,
      answer: { fastest: 'memfd-gather-direct', bytes: 64 * MiB, ofCeiling: null, saved: { shown: true } },
      costs: [{ bytes: 8 * MiB }, { bytes: 64 * MiB }],
    })
    expect(row?.answer?.saved?.ratio).toBeCloseTo(0.6, 6)
    store.runs.extendRun(id, 2)
    store.runs.endRun(id, { status: 'finished', reason: '', capabilitiesAfter: null })
    expect(rows()).toMatchObject({ pending: 1, rows: [{ isKnown: false, answer: null, costs: [] }] })
  })

  test('of a run without a figure is that there is none', () => {
    const { id } = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: 'test machine' })
    expect(rows().pending).toBe(0)
    store.runs.endRun(id, { status: 'failed', reason: 'no disk', capabilitiesAfter: null })
    settle()
    expect(rows()).toMatchObject({ pending: 0, rows: [{ isKnown: true, answer: null }] })
    expect(() => store.ledger.newestOf('local')).toThrow('no run of local has figures')
  })
})

describe('filters', () => {
  test('find runs by any word, by field, and by what they are not', () => {
    const first = addRun(0.6, { schemes: ['normal', 'memfd-gather-direct'] }, '6.1.75-android')
    const second = addRun(0.6, { sizesBytes: [3 * MiB, 64 * MiB] }, '6.12.9')
    const third = addRun(0.6, { target: 'sim:phone', schemes: ['normal-mmap-copy'] })
    store.runs.labelRuns([first], { name: 'Ärger', note: 'pads changed', addTags: ['nightly', 'A/B'] })
    const cases: Array<[string, number[]]> = [
      ['', [first, second, third]],
      ['android', [first]],
      ['kernel:6.1', [first]],
      ['kernel:6.1*', [first, second, third]],
      ['kernel:6.18.0', [third]],
      ['-kernel:6.1', [second, third]],
      ['scheme:normal', [first]],
      ['scheme:normal*', [first, third]],
      ['ärger', [first]],
      ['name:ÄRG', [first]],
      ['note:"pads changed"', [first]],
      ['tag:nightly tag:a/b', [first]],
      ['tag:night', []],
      ['tag:night*', [first]],
      ['is:simulated', [third]],
      ['is:tagged', [first]],
      ['size:3MiB', [second]],
      ['size:64MiB -size:3MiB', [first, third]],
      ['device:sim:phone', [third]],
      ['sim:phone', [third]],
      ['status:finished #2', [second]],
      ['date:>=2020', [first, second, third]],
      ['date:2019-02', []],
    ]
    for (const [filter, expected] of cases) {
      expect([filter, found(filter)]).toEqual([filter, expected])
    }
  })

  test('take any text for what it is', () => {
    addRun()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), filter => {
        const { matching, rows: listed } = rows({ filter })
        expect(listed).toHaveLength(matching)
        expect(store.ledger.ids(filter, newestFirst)).toHaveLength(matching)
        store.ledger.facets(filter)
      }),
      { numRuns: 20 },
    )
  })

  test('count what the runs have', () => {
    addRun(0.6, {}, '6.1.75')
    const tagged = addRun()
    store.runs.labelRuns([tagged], { addTags: ['nightly'] })
    expect(store.ledger.facets('')).toMatchObject({
      device: [{ value: 'local', title: 'test machine', count: 2 }],
      kernel: [{ count: 1 }, { count: 1 }],
      scheme: [
        { value: 'memfd-direct', count: 2 },
        { value: 'memfd-gather-direct', count: 2 },
      ],
      tag: [{ value: 'nightly', count: 1 }],
      status: [{ value: 'finished', count: 2 }],
    })
  })
})

test('rows are sorted by what they show, the unknown last, and handed out in windows', () => {
  const ids = [addRun(0.9), addRun(0.5), addRun(0.7)]
  settle()
  const unknown = addRun(0.6)
  const sorted = (descending: boolean) => store.ledger.ids('', { column: 'saved', descending })
  expect(sorted(true)).toEqual([ids[1], ids[2], ids[0], unknown])
  expect(sorted(false)).toEqual([ids[0], ids[2], ids[1], unknown])
  const window = rows({ sort: { column: 'saved', descending: true }, from: 1, count: 2 })
  expect(window.rows.map(row => row.id)).toEqual([ids[2], ids[0]])
  expect(window).toMatchObject({ total: 4, matching: 4 })
})

describe('labels', () => {
  test('change what they name and nothing else', () => {
    const id = addRun()
    store.runs.labelRuns([id], { name: 'a', note: 'b', addTags: ['x', 'y'] })
    store.runs.labelRuns([id], { removeTags: ['x'] })
    expect(store.runs.getSummary(id)).toMatchObject({ name: 'a', note: 'b', tags: ['y'] })
    expect(() => store.runs.labelRuns([id, 99], { name: 'c' })).toThrow('there is no run 99')
    expect(store.runs.getSummary(id).name).toBe('a')
  })

  test('do not make an answer old', () => {
    const id = addRun()
    settle()
    store.runs.labelRuns([id], { note: 'seen' })
    expect(rows().pending).toBe(0)
  })

  test('that cannot be read are none', () => {
    const id = addRun()
    const other = new Database(store.file)
    other.prepare(`UPDATE runs SET tags = '["cut' WHERE id = ?`).run(id)
    other.close()
    expect(rows().rows).toMatchObject([{ id, tags: [] }])
    expect(store.ledger.facets('').tag).toEqual([])
  })
})

describe('a discarded run', () => {
  test('is out of sight and comes back whole', () => {
    const [id, other] = [addRun(), addRun()]
    store.runs.labelRuns([id], { name: 'kept' })
    store.runs.discardRuns([id])
    expect(rows().rows.map(row => row.id)).toEqual([other])
    expect(store.runs.listRuns().map(run => run.id)).toEqual([other])
    expect(() => store.runs.getRun(id)).toThrow(`there is no run ${id}`)
    expect(() => store.runs.reopenRun(id)).toThrow(`there is no run ${id}`)
    expect(store.runs.deleteDiscarded(new Date(Date.now() - 60_000))).toBe(0)
    store.runs.restoreRuns([id])
    expect(store.runs.getRun(id).samples).toHaveLength(24)
    expect(store.runs.getSummary(id).name).toBe('kept')
  })

  test('that damage brings back says that it may have been deleted', () => {
    const id = addRun()
    store.runs.discardRuns([id])
    const other = new Database(store.file)
    other.prepare(`UPDATE runs SET discardedAt = '3' || substr(discardedAt, 2) WHERE id = ?`).run(id)
    other.close()
    expect(store.runs.getSummary(id).note).toContain('damaged in the database, and whether it was deleted')
  })

  test('is deleted after its time, and cannot be restored then', () => {
    const id = addRun()
    store.runs.discardRuns([id])
    expect(store.runs.deleteDiscarded(new Date(Date.now() + 1000))).toBe(1)
    expect(() => store.runs.restoreRuns([id])).toThrow('deleted and cannot be restored')
    while (store.runs.deleteSlice());
    const db = new Database(store.file, { readonly: true })
    const left = ['runs', 'samples', 'spans', 'answers', 'cells'].map(table =>
      db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    )
    db.close()
    expect(left).toEqual([0, 0, 0, 0, 0])
  })

  test('that runs stays', () => {
    const { id } = store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: 'here' })
    const ended = addRunBeside()
    expect(() => store.runs.discardRuns([ended, id])).toThrow(`run ${id} is running`)
    expect(rows().total).toBe(2)
  })

  const addRunBeside = () => addRun(0.6, { target: 'sim:phone' })
})

describe('a baseline', () => {
  test('shows which runs of its device got slower, and which did not', () => {
    const [pinned, same, slower] = [addRun(0.6), addRun(0.6), addRun(0.9)]
    const elsewhere = addRun(0.9, { target: 'sim:phone' })
    store.ledger.pin(pinned)
    settle()
    const byId = new Map(rows().rows.map(row => [row.id, row]))
    expect(byId.get(pinned)).toMatchObject({ isBaseline: true, change: null })
    expect(byId.get(same)).toMatchObject({ isBaseline: false, change: { slower: 0, faster: 0, cells: 4 } })
    expect(byId.get(slower)).toMatchObject({
      change: { baseline: pinned, slower: 2, faster: 0, bytes: 64 * MiB },
    })
    expect(byId.get(slower)?.change?.ratio).toBeCloseTo(1.5, 6)
    expect(byId.get(elsewhere)).toMatchObject({ isBaseline: false, change: null })
    expect(found('is:slower')).toEqual([slower])
    expect(found('is:baseline')).toEqual([pinned])
  })

  test('goes with its run, and comes back with it', () => {
    const [pinned, other] = [addRun(), addRun(0.9)]
    store.ledger.pin(pinned)
    settle()
    store.runs.discardRuns([pinned])
    expect(rows()).toMatchObject({ pending: 0, rows: [{ id: other, change: null }] })
    store.runs.restoreRuns([pinned])
    expect(rows().rows[0]).toMatchObject({ id: other, change: { slower: 2 } })
    store.runs.deleteRun(pinned)
    while (store.runs.deleteSlice());
    expect(rows()).toMatchObject({ pending: 0, rows: [{ id: other, change: null, isBaseline: false }] })
  })

  test('is one for a device: the last that was pinned', () => {
    const [first, second] = [addRun(), addRun()]
    store.ledger.pin(first)
    store.ledger.pin(second)
    expect(found('is:baseline')).toEqual([second])
    store.ledger.unpin(second)
    expect(found('is:baseline')).toEqual([])
  })
})

test('the trend of a cell is told from the oldest run to the newest', () => {
  const ids = [addRun(0.5), addRun(0.6), addRun(0.7, { target: 'sim:phone' })]
  settle()
  const { points: trend, unknown } = store.ledger.trend('local', 'memfd-gather-direct', 64 * MiB)
  expect(unknown).toEqual([])
  expect(trend.map(point => point.runId)).toEqual(ids.slice(0, 2))
  expect((trend[1]?.medianNs ?? 0) / (trend[0]?.medianNs ?? 1)).toBeCloseTo(1.2, 6)
  expect(store.ledger.newestOf('local')).toBe(ids[1])
})

test.each([
  [
    'an answer',
    "UPDATE answers SET said = replace(said, '1', '2')",
    { answer: null, isKnown: false, points: 2 },
  ],
  ['a change', "UPDATE changes SET said = replace(said, '1', '2')", { change: null, points: 2 }],
  ['a cell', 'UPDATE cells SET medianNs = medianNs + 1', { points: 1 }],
])('%s that is not what was kept is shown to nobody, and worked out again', (_what, sql, shown) => {
  const [first, second] = [addRun(0.5), addRun(0.6)]
  store.ledger.pin(first)
  settle()
  const read = () => ({
    row: rows().rows[0],
    trend: store.ledger.trend('local', 'memfd-gather-direct', 64 * MiB).points,
    cells: store.ledger.cellsOf(second).cells,
  })
  const whole = read()
  const db = new Database(join(folder, 'lab.db'))
  db.exec(`${sql} WHERE runId = ${second}`)
  db.close()
  const { row, trend } = read()
  expect({ ...row, points: trend.length }).toMatchObject(shown)
  const task = store.ledger.taskOf(second)
  expect([task.answer, task.change].filter(each => each !== null)).toHaveLength(1)
  settleAnswer(second)
  settleChange(second)
  expect(read()).toEqual(whole)
})

test('a history of an older lab is brought up to date in slices, and the rows in sight are whole before that', () => {
  const file = join(folder, 'old.db')
  fillWithRuns(file, { runs: 45, repeats: 1 })
  const old = openStore(file)
  const window = (change: Partial<LedgerWindow>) => ledgerWindowSchema.parse({ count: 5, ...change })
  expect(old.ledger.rows(window({})).rows.map(row => row.kernel)).not.toContain(null)
  const slices = [1, 2, 3, 4].map(() => old.ledger.makeSomeSearchable())
  expect(slices).toEqual([false, false, true, true])
  expect(old.ledger.rows(window({ filter: 'kernel:6.1' })).matching).toBe(15)
  expect(old.ledger.facets('').scheme.map(({ count }) => count)).toEqual([45, 15, 15, 15])
  old.close()
})
