import { expect, test } from 'vitest'
import { comparisonSchema } from '../contract/comparison.ts'
import type { RunDetail } from '../contract/run.ts'
import { MiB } from '../contract/size.ts'
import { exampleDetail } from '../db/fixtures/exampleDetail.ts'
import { exampleCapabilities, exampleCeiling } from '../db/fixtures/exampleRun.ts'
import { compareRuns } from './compareRuns.ts'

function asRun(id: number, detail: RunDetail): RunDetail {
  return { ...detail, run: { ...detail.run, id } }
}

test('a scheme that got faster is told from one that stayed the same', () => {
  const comparison = compareRuns(asRun(1, exampleDetail(0.8)), asRun(2, exampleDetail(0.4)))
  expect(comparisonSchema.parse(comparison)).toEqual(comparison)
  expect(comparison).toMatchObject({
    baseline: 1,
    candidate: 2,
    comparisons: 4,
    differences: [],
    warnings: [],
  })
  expect(comparison.rows.map(row => [row.scheme, row.bytes / MiB, row.ratio?.verdict])).toEqual([
    ['memfd-direct', 8, '~'],
    ['memfd-direct', 64, '~'],
    ['memfd-gather-direct', 8, 'faster'],
    ['memfd-gather-direct', 64, 'faster'],
  ])
  const last = comparison.rows[3]
  expect(last?.ratio?.ratio).toBeCloseTo(0.5, 6)
  // Five against five: the smallest exact p-value is 2 / C(10, 5); Holm multiplies it by the four comparisons.
  expect(last?.ratio?.pValue).toBeCloseTo(2 / 252, 12)
  expect(last?.ratio?.adjustedPValue).toBeCloseTo(8 / 252, 12)
  expect(last?.baseline).toMatchObject({ count: 5, medianNs: Math.round(64 * MiB * 0.8 * 1.02) })
})

test('turned round, faster is slower', () => {
  const { rows } = compareRuns(exampleDetail(0.4), exampleDetail(0.8))
  expect(rows.map(row => row.ratio?.verdict)).toEqual(['~', '~', 'slower', 'slower'])
})

test('what only one run has is a row without a ratio', () => {
  const whole = exampleDetail()
  const part = { ...whole, samples: whole.samples.filter(sample => sample.bytes === 8 * MiB) }
  const rows = compareRuns(part, whole).rows
  expect(rows.map(row => [row.bytes / MiB, row.baseline === null, row.ratio === null])).toEqual([
    [8, false, false],
    [8, false, false],
    [64, true, true],
    [64, true, true],
  ])
  expect(compareRuns(whole, part).rows.filter(row => row.candidate === null)).toHaveLength(2)
})

test('runs without a common scheme and size say so', () => {
  const detail = exampleDetail()
  const none = { ...detail, samples: [] }
  expect(compareRuns(none, detail)).toMatchObject({
    comparisons: 0,
    warnings: ['The runs have no scheme and size in common.'],
  })
})

test('a run against itself is warned of once', () => {
  const failed = exampleDetail()
  failed.run.status = 'failed'
  expect(compareRuns(failed, failed).warnings).toEqual([`Run ${failed.run.id} is failed.`])
})

test('what else differs is named: kernel, governor, plan', () => {
  const other = exampleDetail(0.6, exampleCapabilities('6.19.0-other', null))
  other.run.plan.gatherBytes = 16 * MiB
  other.run.plan.pressureBytes = 512 * MiB
  expect(compareRuns(exampleDetail(), other).differences).toEqual([
    { what: 'kernel', baseline: '6.18.0-test', candidate: '6.19.0-other' },
    { what: 'CPU governor', baseline: 'performance', candidate: 'not told' },
    { what: 'gather', baseline: '4 MiB', candidate: '16 MiB' },
    { what: 'memory pressure', baseline: 'none', candidate: '512 MiB' },
  ])
})

test('a simulated, unfinished or marked run is warned of', () => {
  const simulated = asRun(2, exampleDetail())
  simulated.run.plan.target = 'sim:phone-2024'
  simulated.run.status = 'interrupted'
  simulated.samples[1]?.marks.push('throttled')
  simulated.run.ceiling = { ...exampleCeiling, bytesPerSecond: 1_700_000_000 }
  expect(compareRuns(asRun(1, exampleDetail()), simulated).warnings).toEqual([
    'One run is simulated and the other measured.',
    'The ceilings are apart: 2.00 GB/s and 1.70 GB/s.',
    'Run 2 is interrupted.',
    'Run 2: 1 of its samples are marked "throttled".',
  ])
})
