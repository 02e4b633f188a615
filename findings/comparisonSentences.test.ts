import { expect, test } from 'vitest'
import type { SidesComparison, SidesRow } from '../contract/comparison.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { GiB } from '../contract/size.ts'
import { comparisonSentences } from './comparisonSentences.ts'

/** `adjustedPValue` is what the sentence goes by; its own interval shows a difference. */
function row(scheme: SchemeId | null, ratio: number, adjustedPValue = 0.01): SidesRow {
  const cell = { count: 10, medianNs: 1e9, lowNs: 1e9, highNs: 1e9, confidence: 0.97 }
  const judged = {
    ratio,
    low: ratio,
    high: ratio,
    confidence: 0.95,
    pValue: 0.001,
    adjustedPValue,
    verdict: ratio < 1 ? ('faster' as const) : ('slower' as const),
  }
  return { scheme, bytes: GiB, cells: [cell, cell], ratios: [null, judged] }
}

function comparison(rows: SidesRow[], titles = ['run 3', 'run 5']): SidesComparison {
  const sides = titles.map((title, place) => ({
    runId: place + 3,
    scheme: null,
    title,
    device: 'local',
    simulated: false,
  }))
  const comparisons = rows.flatMap(({ ratios }) => ratios).filter(ratio => ratio !== null).length
  return { sides, rows, comparisons, differences: [], warnings: [] }
}

test('the largest change that the test bears out is named', () => {
  const rows = [
    row('memfd-direct', 0.9),
    row('memfd-gather-direct', 0.59),
    row('memfd-buffered', 1.2),
    row('memfd-mmap-copy', 0.2, 0.57),
  ]
  expect(comparisonSentences(comparison(rows))).toEqual([
    'Run 5 is faster in 2 and slower in 1 of 4 pairs. The largest change, picked after looking: 1 GiB, memfd-gather-direct: 41 % less time, p = 0.010 corrected for 4 pairs.',
  ])
})

test('a slowdown is measured on the same scale as a gain', () => {
  const rows = [row('memfd-direct', 0.6), row('memfd-buffered', 2)]
  expect(comparisonSentences(comparison(rows))[0]).toContain('memfd-buffered: 100 % more time')
})

test('without a shown difference nothing is claimed', () => {
  expect(comparisonSentences(comparison([row('memfd-direct', 0.5, 0.57)]))).toEqual([
    'No difference shows in 1 pair.',
  ])
  const two = [row('memfd-direct', 0.91, 0.57), row('memfd-buffered', 1.02, 1)]
  expect(comparisonSentences(comparison(two))).toEqual([
    'No difference shows in 2 pairs. The largest, picked after looking: 1 GiB, memfd-direct: 9.0 % less time, p = 0.57 corrected for 2 pairs.',
  ])
  const onesided = { ...row('memfd-direct', 1, 0.57), ratios: [null, null] }
  expect(comparisonSentences(comparison([onesided]))).toEqual(['The two have no scheme and size in common.'])
})

test('each of several sides has a sentence of its own', () => {
  const [one, two] = [row(null, 0.5), row(null, 2)]
  const rows = [
    {
      ...one,
      cells: [...one.cells, one.cells[0] ?? null],
      ratios: [null, one.ratios[1] ?? null, two.ratios[1] ?? null],
    },
  ]
  expect(comparisonSentences(comparison(rows, ['normal', 'memfd-direct', 'memfd-buffered']))).toEqual([
    'memfd-direct is faster in 1 of 1 pair. The largest change, picked after looking: 1 GiB: 50 % less time, p = 0.010 corrected for 2 pairs.',
    'memfd-buffered is slower in 1 of 1 pair. The largest change, picked after looking: 1 GiB: 100 % more time, p = 0.010 corrected for 2 pairs.',
  ])
})
