import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plannedSamples } from '../contract/plan.ts'
import { runDetailSchema, type SampleWindow } from '../contract/run.ts'
import { sampleKey } from '../contract/sample.ts'
import { MiB } from '../contract/size.ts'
import {
  exampleCapabilities,
  exampleCeiling,
  exampleIdentity,
  examplePlan,
  exampleSample,
  exampleSpans,
} from './fixtures/exampleRun.ts'
import { openStore, type Store } from './openStore.ts'
import { Owners } from './owner.ts'
import { RunStore } from './runStore.ts'

let folder: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-store-'))
  store = openStore(join(folder, 'lab.db'))
})

afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const newRun = () => store.runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: 'test machine' })
const start = {
  capabilities: exampleCapabilities(),
  ceiling: exampleCeiling,
  identity: exampleIdentity,
  samplesPlanned: 24,
}
const kind = (error: string) => expect.objectContaining({ kind: error })

describe('a run', () => {
  test('comes back as it was put in', () => {
    const run = newRun()
    store.runs.setStarted(run.id, start)
    const sample = exampleSample({ marks: ['warm', 'throttled'], reason: 'it was "warm", again\n' })
    const spans = exampleSpans(5)
    const { sample: stored, summary } = store.runs.addSample(run.id, sample, spans)
    expect(summary).toMatchObject({ id: run.id, samplesDone: 1 })
    store.runs.endRun(run.id, {
      status: 'finished',
      reason: '',
      capabilitiesAfter: exampleCapabilities(),
    })

    const detail = store.runs.getRun(run.id)
    expect(store.runs.getState(run.id)).toEqual({ summary: store.runs.getSummary(run.id), run: detail.run })
    expect(detail.run).toMatchObject({
      plan: examplePlan(),
      status: 'finished',
      ceiling: exampleCeiling,
      samplesDone: 1,
    })
    expect(detail.samples).toEqual([{ ...sample, id: stored.id, index: 0 }])
    expect(store.runs.getSpans(stored.id)).toEqual(spans)
    expect(runDetailSchema.parse(detail)).toEqual(detail)
  })

  test('keeps the largest times and sizes exactly', () => {
    const run = newRun()
    const largest = Number.MAX_SAFE_INTEGER
    const sample = exampleSample({ bytes: largest, totalNs: largest, throughput: 1e9, ofCeiling: 0.1 + 0.2 })
    store.runs.addSample(run.id, sample, [])
    expect(store.runs.getRun(run.id).samples[0]).toMatchObject(sample)
  })

  test('counts done and failed samples, and leaves failed and cancelled ones to be measured again', () => {
    const run = newRun()
    const ok = exampleSample({ repeat: 0 })
    const failed = exampleSample({ repeat: 1, status: 'failed', reason: 'wrong byte at 4096', totalNs: null })
    const cancelled = exampleSample({ repeat: 2, status: 'cancelled', totalNs: null })
    for (const sample of [ok, failed, cancelled]) store.runs.addSample(run.id, sample, [])

    expect(store.runs.getSummary(run.id)).toMatchObject({ samplesDone: 2, samplesFailed: 1 })
    expect(store.runs.doneKeys(run.id)).toEqual([sampleKey(ok)])

    const again = store.runs.addSample(run.id, exampleSample({ repeat: 2 }), [])
    expect(again.sample.index).toBe(3)
    expect(store.runs.doneKeys(run.id)).toHaveLength(2)

    store.runs.addSample(run.id, exampleSample({ ...failed, reason: 'again' }), [])
    expect(store.runs.getSummary(run.id)).toMatchObject({ samplesDone: 3, samplesFailed: 1 })
    store.runs.addSample(run.id, exampleSample({ repeat: 1 }), [])
    expect(store.runs.getSummary(run.id)).toMatchObject({ samplesDone: 3, samplesFailed: 0 })
    expect(store.runs.getRun(run.id).samples).toHaveLength(6)
    expect(store.runs.doneKeys(run.id)).toHaveLength(3)
  })

  test('refuses a second sample of the same load of the plan, and keeps the count', () => {
    const run = newRun()
    store.runs.addSample(run.id, exampleSample(), exampleSpans(2))
    expect(() => store.runs.addSample(run.id, exampleSample(), [])).toThrow(kind('store-failed'))
    expect(store.runs.getSummary(run.id).samplesDone).toBe(1)
  })

  test('names the size of a whole file once it was measured', () => {
    const plan = examplePlan({ sizesBytes: [], file: '/data/model.bin' })
    const run = store.runs.createRun({ plan, labVersion: '0.1.0', title: '' })
    expect(store.runs.getSummary(run.id).sizesBytes).toEqual([])
    store.runs.addSample(run.id, exampleSample({ bytes: 5 * MiB + 1 }), [])
    expect(store.runs.getSummary(run.id).sizesBytes).toEqual([5 * MiB + 1])
  })

  test('takes no sample once it has ended, until it is reopened', () => {
    const run = newRun()
    store.runs.setStarted(run.id, start)
    store.runs.endRun(run.id, { status: 'cancelled', reason: 'by hand', capabilitiesAfter: null })
    expect(() => store.runs.addSample(run.id, exampleSample(), [])).toThrow(kind('store-failed'))

    const reopened = store.runs.reopenRun(run.id)
    expect(reopened).toMatchObject({ status: 'running', reason: '', endedAt: null })
    store.runs.setStarted(run.id, { ...start, capabilities: exampleCapabilities('6.19.0-other') })
    expect(store.runs.getRun(run.id).run.capabilities?.environment.kernel).toBe('6.18.0-test')
    expect(store.runs.addSample(run.id, exampleSample(), []).sample.index).toBe(0)
  })

  test('is reopened only when it ended early', () => {
    const run = newRun()
    expect(() => store.runs.reopenRun(run.id)).toThrow(kind('busy'))
    store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    expect(() => store.runs.reopenRun(run.id)).toThrow(kind('bad-input'))
  })

  test('is extended under its own number, and keeps that it was', () => {
    const run = newRun()
    expect(() => store.runs.extendRun(run.id, 3)).toThrow(kind('busy'))
    store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    const extended = store.runs.extendRun(run.id, 3)
    expect(extended).toMatchObject({ id: run.id, status: 'running', endedAt: null })
    expect(extended.plan).toMatchObject({ repeats: run.plan.repeats + 3, extensions: [3] })
    expect(extended.plan.question).not.toBeNull()
    expect(extended.samplesPlanned).toBe(plannedSamples(extended.plan))
    store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    expect(() => store.runs.extendRun(run.id, 1000)).toThrow(kind('bad-input'))
    expect(store.runs.getRun(run.id).run).toMatchObject({ status: 'finished', plan: { extensions: [3] } })
  })

  test('is reopened when it finished with a failed sample, which is measured again', () => {
    const run = newRun()
    store.runs.addSample(run.id, exampleSample({ status: 'failed', reason: 'EIO', totalNs: null }), [])
    store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    expect(store.runs.reopenRun(run.id)).toMatchObject({ status: 'running' })
    expect(store.runs.doneKeys(run.id)).toEqual([])
  })

  test('is deleted with all that belongs to it, and its id is not given again', () => {
    const run = newRun()
    const { sample } = store.runs.addSample(run.id, exampleSample(), exampleSpans(3))
    expect(() => store.runs.deleteRun(run.id)).toThrow(kind('busy'))
    store.runs.endRun(run.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    store.runs.deleteRun(run.id)

    expect(() => store.runs.getRun(run.id)).toThrow(kind('not-found'))
    expect(store.runs.listRuns()).toEqual([])
    expect(() => store.runs.getSpans(sample.id)).toThrow(kind('not-found'))
    while (store.runs.deleteSlice());
    expect(newRun().id).toBe(run.id + 1)
    store.close()
    const db = new Database(store.file)
    expect(db.prepare('SELECT count(*) FROM spans').pluck().get()).toBe(0)
    db.close()
  })

  test('is read with all its samples, or with those of a window', () => {
    const run = newRun()
    for (let repeat = 0; repeat < 3; repeat++) store.runs.addSample(run.id, exampleSample({ repeat }), [])
    const indices = (window?: SampleWindow) =>
      store.runs.getRun(run.id, window).samples.map(sample => sample.index)
    expect(indices()).toEqual([0, 1, 2])
    expect(indices({ from: 1, count: 1 })).toEqual([1])
    expect(indices({ from: 1, count: 10 })).toEqual([1, 2])
    expect(indices({ from: 0, count: 0 })).toEqual([])
    expect(indices({ from: 3, count: 1 })).toEqual([])
  })

  test('that is not there is named', () => {
    const missing = expect.objectContaining({ kind: 'not-found', message: 'there is no run 7' })
    expect(() => store.runs.getRun(7)).toThrow(missing)
    expect(() => store.runs.getSummary(7)).toThrow(missing)
    expect(() => store.runs.doneKeys(7)).toThrow(missing)
    expect(() => store.runs.addSample(7, exampleSample(), [])).toThrow(missing)
    expect(() => store.runs.deleteRun(7)).toThrow(missing)
  })

  test('whose row was damaged is named as store-corrupt, not as a crash', () => {
    const run = newRun()
    const db = new Database(store.file)
    db.prepare(`UPDATE runs SET plan = '{"schemes": []}' WHERE id = ?`).run(run.id)
    db.close()
    expect(() => store.runs.getRun(run.id)).toThrow(kind('store-corrupt'))
  })
})

test('an ending that cannot be stored is stored later, and hides nothing meanwhile', () => {
  const db = new Database(store.file)
  const runs = new RunStore(db, new Owners(store.file))
  const run = runs.createRun({ plan: examplePlan(), labVersion: '0.1.0', title: '' })
  const end = { status: 'cancelled', reason: 'cancelled', capabilitiesAfter: null } as const
  db.pragma('query_only = ON')
  expect(() => runs.endRun(run.id, end)).toThrow(kind('store-read-only'))
  expect(runs.markInterrupted()).toEqual([])
  expect(runs.listRuns()).toMatchObject([{ status: 'running' }])

  db.pragma('query_only = OFF')
  expect(runs.markInterrupted()).toEqual([run.id])
  expect(runs.getRun(run.id).run).toMatchObject({ status: 'cancelled', reason: 'cancelled' })
  expect(runs.markInterrupted()).toEqual([])
  db.close()
})

describe('the history', () => {
  test('is newest first', () => {
    const first = newRun()
    store.runs.endRun(first.id, { status: 'finished', reason: '', capabilitiesAfter: null })
    const second = newRun()
    expect(store.runs.listRuns().map(run => run.id)).toEqual([second.id, first.id])
    expect(store.runs.listRuns()[1]).toMatchObject({
      uuid: first.uuid,
      schemes: examplePlan().schemes,
      sizesBytes: examplePlan().sizesBytes,
      simulated: false,
      title: 'test machine',
    })
  })

  test('tells a simulated run from a measured one', () => {
    const plan = examplePlan({ target: 'sim:phone-2024' })
    store.runs.createRun({ plan, labVersion: '0.1.0', title: 'phone' })
    expect(store.runs.listRuns()[0]?.simulated).toBe(true)
  })
})
