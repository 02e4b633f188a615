import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exportedRunSchema, type RunDetail } from '../contract/run.ts'
import type { Mark, Span } from '../contract/sample.ts'
import { exportRun } from '../findings/exports/exportRun.ts'
import { exampleDetail } from './fixtures/exampleDetail.ts'
import { exampleCapabilities, exampleCeiling, exampleSpans } from './fixtures/exampleRun.ts'
import { mostEntries, mostNameCharacters, mostTextCharacters } from './importLimits.ts'
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
/** Inside the example's samples. */
const shortSpans = (count: number) =>
  exampleSpans(count).map((span, at) => ({ ...span, startNs: at * 1000, endNs: at * 1000 + 500 }))
const exampleText = () => exportOf(exampleDetail(), id => shortSpans(id % 4))

/** An export without the ids that each store gives anew. */
function withoutIds(text: string): unknown {
  const { run, samples, spans } = exportedRunSchema.parse(JSON.parse(text))
  return { run: { ...run, id: 0 }, samples: samples.map(sample => ({ ...sample, id: 0 })), spans }
}

function exportFromStore(runId: number): string {
  return exportOf(store.runs.getRun(runId), id => store.runs.getSpans(id))
}

/** What an import makes of it: `local` was another machine. */
function elsewhere(text: string): unknown {
  return withoutIds(text.replaceAll('"title":"test machine"', '"title":"Another machine (test)"'))
}

const many = <T>(entry: (place: number) => readonly [string, T]) =>
  Object.fromEntries(Array.from({ length: mostEntries + 1 }, (_, place) => entry(place)))

const part = fc.double({ min: 0, max: 1, noNaN: true })
const partOf = (wholeNs: number | null) => (share: number) =>
  wholeNs === null ? null : Math.floor(share * wholeNs)
/** Any sample that agrees with itself, and its spans. */
const anyLoad = fc
  .record({
    status: fc.constantFrom('ok', 'failed', 'unsupported', 'cancelled'),
    reason: fc.string({ unit: 'binary' }),
    wholeNs: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    parts: fc.array(part, { minLength: 5, maxLength: 5 }),
    gatherBytes: fc.option(fc.maxSafeNat()),
    readers: fc.option(fc.integer({ min: 1, max: 64 })),
    proved: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    others: fc.subarray(['throttled', 'emulated', 'heap ioctl', 'lab module'] as const),
    figures: fc.dictionary(
      fc.stringMatching(/^[a-z][A-Za-z0-9]*$/),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    spans: fc.array(
      fc.record({
        lane: fc.constantFrom('allocator', 'reader-0', 'reader-12', 'caller'),
        phase: fc.constantFrom('alloc', 'read', 'wait', 'close'),
        shares: fc.tuple(part, part),
        gather: fc.option(fc.nat()),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ status, wholeNs, parts, proved: [cold, direct, verified], others, spans, ...rest }) => {
    const totalNs = status === 'unsupported' ? null : status === 'ok' ? (wholeNs ?? 7) : wholeNs
    const [openNs = null, allocNs = null, readNs = null, closeNs = null, firstGatherNs = null] = parts.map(
      partOf(totalNs),
    )
    const marks: Mark[] = [
      ...others,
      ...(cold ? [] : (['warm'] as const)),
      ...(direct ? [] : (['fell back to buffered'] as const)),
      ...(verified ? [] : (['not verified'] as const)),
    ]
    const times = { totalNs, openNs, allocNs, readNs, closeNs, firstGatherNs }
    return {
      sample: {
        ...rest,
        ...times,
        status,
        mapNs: null,
        remainingAllocNs: null,
        cold,
        direct,
        verified,
        marks,
      },
      spans: spans.map(({ shares, phase, ...span }): Span => {
        const most = (phase === 'close' ? closeNs : totalNs) ?? Number.MAX_SAFE_INTEGER
        const [startNs, endNs] = shares.map(share => Math.floor(share * most)).sort((a, b) => a - b)
        return { ...span, phase, startNs: startNs ?? 0, endNs: endNs ?? 0, bytes: 4096 }
      }),
    }
  })

describe('what was exported', () => {
  test('comes back the same, whatever the samples hold', () => {
    const example = exampleDetail()
    fc.assert(
      fc.property(fc.uuid(), fc.array(anyLoad, { maxLength: 6 }), (uuid, loads) => {
        const samples = loads.flatMap(({ sample }, index) => {
          const base = example.samples[index]
          if (base === undefined) return []
          const { totalNs } = sample
          const throughput = totalNs === null ? null : (base.bytes / totalNs) * 1e9
          const ofCeiling = throughput === null ? null : throughput / exampleCeiling.bytesPerSecond
          return [{ ...base, ...sample, throughput, ofCeiling, id: index + 1, index }]
        })
        const done = samples.filter(sample => sample.status !== 'cancelled').length
        const samplesFailed = samples.filter(sample => sample.status === 'failed').length
        const run = { ...example.run, uuid, samplesDone: done, samplesFailed }
        const text = exportOf({ run, samples }, id => loads[id - 1]?.spans ?? [])
        const imported = importRun(text, store.runs)
        expect(withoutIds(exportFromStore(imported.id))).toEqual(elsewhere(text))
      }),
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

  test('is read with the byte order mark that an editor puts before it', () => {
    expect(importRun(`\ufeff${exampleText()}`, store.runs).samplesDone).toBe(24)
  })

  test('of `local` is not resumed: it was another machine', () => {
    const detail = exampleDetail()
    detail.run.status = 'cancelled'
    const { id } = importRun(
      exportOf(detail, () => []),
      store.runs,
    )
    expect(() => store.runs.reopenRun(id)).toThrow(`run ${id} was imported`)
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

  test('is listed as of another machine, never as of this one', () => {
    importRun(exampleText(), store.runs)
    expect(store.runs.listRuns()[0]).toMatchObject({
      title: 'Another machine (test)',
      imported: true,
      samplesDone: 24,
    })
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
  const changedRun = (change: Content) => changed(it => ({ ...it, run: { ...Object(it.run), ...change } }))
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
    'with a wrong index': [() => changedSample({ index: 9 }), /samples\.3\.index: it is 9, but/],
    'mixing simulation in': [
      () => changedSample({ simulated: true }),
      /samples\.3\.simulated: it is simulated, but the target is local/,
    ],
    'with a span of no sample': [
      () => changed(it => ({ ...it, spans: [{ ...shortSpans(1)[0], sampleIndex: 24 }] })),
      /spans\.0\.sampleIndex: it names no sample/,
    ],
    'with a throughput that its time denies': [
      () => changedSample({ throughput: 9e12 }),
      /samples\.3\.throughput: 8388608 bytes in \d+ ns are/,
    ],
    'with a share that its ceiling denies': [
      () => changedSample({ ofCeiling: 7.95 }),
      /samples\.3\.ofCeiling/,
    ],
    'ok without a total': [
      () => changedSample({ totalNs: null, throughput: null, ofCeiling: null }),
      /samples\.3\.totalNs: the sample is ok and has no total/,
    ],
    'with a part longer than the whole': [
      () => changedSample({ readNs: 1e12 }),
      /samples\.3\.readNs: it is longer than the total/,
    ],
    'direct that fell back': [
      () => changedSample({ marks: ['fell back to buffered'] }),
      /samples\.3\.direct: the sample is marked "fell back to buffered"/,
    ],
    'cold and warm': [() => changedSample({ marks: ['warm'] }), /samples\.3\.cold/],
    'verified and not': [() => changedSample({ marks: ['not verified'] }), /samples\.3\.verified/],
    'of a scheme that was not planned': [
      () => changedSample({ scheme: 'normal' }),
      /samples\.3\.scheme: the plan has no normal/,
    ],
    'of a size that was not planned': [() => changedSample({ bytes: 5 }), /samples\.3\.bytes/],
    'of a repeat that was not planned': [() => changedSample({ repeat: 5 }), /samples\.3\.repeat/],
    'with a wrong count': [
      () => changedRun({ samplesDone: 23 }),
      /run\.samplesDone: it is 23, but the file has 24/,
    ],
    'with a wrong count of failures': [() => changedRun({ samplesFailed: 1 }), /run\.samplesFailed/],
    'with more done than planned': [() => changedRun({ samplesPlanned: 23 }), /run\.samplesPlanned/],
    'that ended before it began': [
      () => changedRun({ endedAt: '2026-11-20T20:04:00.000Z' }),
      /run\.endedAt: it ended before/,
    ],
    'with a ceiling that its time denies': [
      () => changedRun({ ceiling: { ...exampleCeiling, bytesPerSecond: 57e9 } }),
      /run\.ceiling\.bytesPerSecond/,
    ],
    'of a machine that is not its target': [
      () => changedRun({ capabilities: { ...exampleCapabilities(), target: 'adb:phone' } }),
      /run\.capabilities\.target/,
    ],
    'with a span after its sample': [
      () => changed(it => ({ ...it, spans: [{ ...shortSpans(1)[0], endNs: 1e12, sampleIndex: 2 }] })),
      /spans\.0\.endNs: it lies outside sample 2, whose totalNs is/,
    ],
    'with a span of more than its sample': [
      () => changed(it => ({ ...it, spans: [{ ...shortSpans(1)[0], bytes: 1e12, sampleIndex: 2 }] })),
      /spans\.0\.bytes/,
    ],
    'in UTF-16': [() => Buffer.from(`\ufeff${exampleText()}`, 'utf16le').toString('utf8'), /is in UTF-16/],
  }

  test.each(Object.entries(cases))('%s', (_name, [text, message]) => {
    expect(() => importRun(text(), store.runs)).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringMatching(message) }),
    )
    expect(store.runs.listRuns()).toEqual([])
  })

  test('a text, a name or a list that is longer than any measured one is refused with its place, soon', () => {
    const long = ' '.repeat(mostTextCharacters + 1)
    const name = 'x'.repeat(mostNameCharacters + 1)
    const capabilities = exampleCapabilities()
    const inEnvironment = (change: object) => () =>
      changedRun({
        capabilities: { ...capabilities, environment: { ...capabilities.environment, ...change } },
      })
    const tooLong: readonly (readonly [text: () => string, place: string])[] = [
      [() => changedRun({ reason: long }), 'run.reason'],
      [() => changedRun({ labVersion: name }), 'run.labVersion'],
      [() => changedSample({ reason: long }), 'samples.3.reason'],
      [() => changedSample({ figures: { [name]: 1 } }), 'samples.3.figures'],
      [() => changedSample({ figures: many(place => [`figure${place}`, 1]) }), 'samples.3.figures'],
      [() => changedRun({ capabilities: { ...capabilities, notes: [long] } }), 'run.capabilities.notes.0'],
      [() => changedRun({ capabilities: { ...capabilities, title: name } }), 'run.capabilities.title'],
      [
        () => changedRun({ capabilities: { ...capabilities, noCeiling: long } }),
        'run.capabilities.noCeiling',
      ],
      [inEnvironment({ machine: name }), 'run.capabilities.environment.machine'],
      [inEnvironment({ kernel: name }), 'run.capabilities.environment.kernel'],
      [inEnvironment({ mountOptions: long }), 'run.capabilities.environment.mountOptions'],
      [inEnvironment({ frequenciesKhz: Array(mostEntries + 1).fill(1) }), 'frequenciesKhz'],
      [inEnvironment({ thermalZones: [{ name, milliCelsius: 1 }] }), 'thermalZones.0.name'],
      [() => changedRun({ ceiling: { ...exampleCeiling, method: name } }), 'run.ceiling.method'],
      [() => `{"schemaVersion":1,"run":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'run'],
    ]
    for (const [text, place] of tooLong) {
      expect(() => importRun(text(), store.runs), place).toThrow(
        expect.objectContaining({ kind: 'bad-input', message: expect.stringContaining(place) }),
      )
    }
    expect(store.runs.listRuns()).toEqual([])
  })

  test('the longest texts that a lab stores come back', () => {
    const text = changedRun({ reason: 'r'.repeat(mostTextCharacters) })
    expect(store.runs.getRun(importRun(text, store.runs).id).run.reason).toHaveLength(mostTextCharacters)
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
