import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exportedRunSchema, type RunDetail } from '../contract/run.ts'
import { marks, type Span } from '../contract/sample.ts'
import { exportRun } from '../findings/exports/exportRun.ts'
import { exampleDetail } from './fixtures/exampleDetail.ts'
import { exampleSpans } from './fixtures/exampleRun.ts'
import { importRun, maxImportCharacters } from './importRun.ts'
import { openStore, type Store } from './openStore.ts'

let folder: string
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmabuf-lab-import-'))
  store = openStore(join(folder, 'lab.db'))
})

afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const exportOf = (detail: RunDetail, spansOf: (id: number) => Span[]) =>
  exportRun(detail, spansOf, 'json').text
const exampleText = () => exportOf(exampleDetail(), id => exampleSpans(id % 4))

/** An export without the ids that each store gives anew. */
function withoutIds(text: string): unknown {
  const { run, samples, spans } = exportedRunSchema.parse(JSON.parse(text))
  return { run: { ...run, id: 0 }, samples: samples.map(sample => ({ ...sample, id: 0 })), spans }
}

function exportFromStore(runId: number): string {
  return exportOf(store.runs.getRun(runId), id => store.runs.getSpans(id))
}

const ns = fc.maxSafeNat()
const time = fc.option(ns)
const anySample = fc.record({
  status: fc.constantFrom('ok', 'failed', 'unsupported', 'cancelled'),
  reason: fc.string({ unit: 'binary' }),
  totalNs: time,
  openNs: time,
  allocNs: time,
  readNs: time,
  closeNs: time,
  firstGatherNs: time,
  gatherBytes: time,
  readers: fc.option(fc.integer({ min: 1, max: 64 })),
  cold: fc.boolean(),
  verified: fc.boolean(),
  throughput: fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
  marks: fc.subarray([...marks]),
  figures: fc.dictionary(
    fc.stringMatching(/^[a-z][A-Za-z0-9]*$/),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
})
const anySpan = fc
  .record({
    lane: fc.constantFrom('allocator', 'reader-0', 'reader-12', 'caller'),
    phase: fc.constantFrom('alloc', 'read', 'wait'),
    times: fc.tuple(ns, ns),
    bytes: ns,
    gather: fc.option(fc.nat()),
  })
  .map(({ times, ...span }) => ({ ...span, startNs: Math.min(...times), endNs: Math.max(...times) }))

describe('what was exported', () => {
  test('comes back the same, whatever the samples hold', () => {
    const example = exampleDetail()
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.array(fc.tuple(anySample, fc.array(anySpan, { maxLength: 5 })), { maxLength: 6 }),
        (uuid, loads) => {
          const samples = loads.flatMap(([changes], index) => {
            const base = example.samples[index]
            return base === undefined ? [] : [{ ...base, ...changes, id: index + 1, index }]
          })
          const done = samples.filter(sample => sample.status !== 'cancelled').length
          const samplesFailed = samples.filter(sample => sample.status === 'failed').length
          const run = { ...example.run, uuid, samplesDone: done, samplesFailed }
          const text = exportOf({ run, samples }, id => loads[id - 1]?.[1] ?? [])
          const imported = importRun(text, store.runs)
          expect(withoutIds(exportFromStore(imported.id))).toEqual(withoutIds(text))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is refused the second time, with the run that it is', () => {
    const first = importRun(exampleText(), store.runs)
    expect(() => importRun(exampleText(), store.runs)).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: `this run is here already, as run ${first.id}` }),
    )
    expect(store.runs.listRuns()).toHaveLength(1)
  })

  test('is interrupted here when it was running there', () => {
    const detail = exampleDetail()
    detail.run.status = 'running'
    detail.run.endedAt = null
    const run = importRun(
      exportOf(detail, () => []),
      store.runs,
    )
    expect(run).toMatchObject({ status: 'interrupted', reason: 'it was running when it was exported' })
  })

  test('is listed under the title of the machine that ran it', () => {
    importRun(exampleText(), store.runs)
    expect(store.runs.listRuns()[0]).toMatchObject({ title: 'test machine', samplesDone: 24 })
  })
})

describe('a file that is no export is refused, and nothing is stored', () => {
  type Content = { [key: string]: unknown }
  const changed = (change: (content: Content) => Content) => JSON.stringify(change(JSON.parse(exampleText())))
  const changedSample = (change: Content) => {
    const { samples, ...rest } = exportedRunSchema.parse(JSON.parse(exampleText()))
    return JSON.stringify({
      ...rest,
      samples: samples.map((sample, at) => (at === 3 ? { ...sample, ...change } : sample)),
    })
  }
  const cases: Record<string, readonly [text: () => string, message: RegExp]> = {
    'cut short': [() => exampleText().slice(0, -100), /is not JSON/],
    empty: [() => '', /is not JSON/],
    'a list': [() => '[]', /no schemaVersion/],
    'another program’s JSON': [() => '{"name": "dmabuf-lab"}', /no schemaVersion/],
    'of a newer lab': [
      () => changed(it => ({ ...it, schemaVersion: 2 })),
      /schemaVersion 2; this lab reads 1/,
    ],
    'without samples': [() => changed(({ samples: _, ...rest }) => rest), /samples: /],
    'with something unknown': [() => changed(it => ({ ...it, extra: 1 })), /extra/],
    'with a negative time': [() => changedSample({ totalNs: -1 }), /samples\.3\.totalNs/],
    'with an unknown scheme': [() => changedSample({ scheme: 'fast' }), /samples\.3\.scheme/],
    'with a load that is there twice': [
      () => changedSample({ repeat: 0 }),
      /samples\.3: memfd-direct\/8388608\/r0 is there twice/,
    ],
    'with a wrong index': [() => changedSample({ index: 9 }), /samples\.3\.index is 9, not 3/],
    'mixing simulation in': [
      () => changedSample({ simulated: true }),
      /is simulated, but the target is local/,
    ],
    'with a span of no sample': [
      () => changed(it => ({ ...it, spans: [{ ...exampleSpans(1)[0], sampleIndex: 24 }] })),
      /names no sample/,
    ],
  }

  test.each(Object.entries(cases))('%s', (_name, [text, message]) => {
    expect(() => importRun(text(), store.runs)).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringMatching(message) }),
    )
    expect(store.runs.listRuns()).toEqual([])
  })

  test('too long to read', () => {
    expect(() => importRun(' '.repeat(maxImportCharacters + 1), store.runs)).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringMatching(/more than 268435456/) }),
    )
  })

  test('only the first problems of many are named', () => {
    const { samples, ...rest } = exportedRunSchema.parse(JSON.parse(exampleText()))
    const text = JSON.stringify({ ...rest, samples: samples.map(sample => ({ ...sample, bytes: -1 })) })
    expect(() => importRun(text, store.runs)).toThrow(/samples\.4\.bytes: [^;]*; and 19 more$/)
  })
})
