import { expect, test } from 'vitest'
import type { ComparisonRow, RunComparison } from '../../contract/comparison.ts'
import { GiB } from '../../contract/size.ts'
import { comparisonSentence } from './comparisonSentence.ts'

type Verdict = 'faster' | 'slower' | '~'

function row(scheme: ComparisonRow['scheme'], ratio: number, verdict: Verdict): ComparisonRow {
  const cell = { count: 10, medianNs: 1e9, lowNs: 1e9, highNs: 1e9, confidence: 0.97 }
  const judged = {
    ratio,
    low: ratio,
    high: ratio,
    confidence: 0.95,
    pValue: 0.001,
    adjustedPValue: 0.01,
    verdict,
  }
  return { scheme, bytes: GiB, baseline: cell, candidate: cell, ratio: judged }
}

function comparison(rows: ComparisonRow[]): RunComparison {
  return { baseline: 3, candidate: 5, rows, comparisons: rows.length, differences: [], warnings: [] }
}

test('the largest change that the test bears out is named', () => {
  const rows = [
    row('memfd-direct', 0.9, 'faster'),
    row('memfd-gather-direct', 0.59, 'faster'),
    row('memfd-buffered', 1.2, 'slower'),
    row('memfd-mmap-copy', 0.2, '~'),
  ]
  expect(comparisonSentence(comparison(rows))).toBe(
    'Run 5 is faster in 2 and slower in 1 of 4 pairs. The largest change, picked after looking: 1 GiB, memfd-gather-direct: 41 % less time, p = 0.010 corrected for 4 pairs.',
  )
})

test('a slowdown is measured on the same scale as a gain', () => {
  const rows = [row('memfd-direct', 0.6, 'faster'), row('memfd-buffered', 2, 'slower')]
  expect(comparisonSentence(comparison(rows))).toContain('memfd-buffered: 100 % more time')
})

test('without a shown difference nothing is claimed', () => {
  expect(comparisonSentence(comparison([row('memfd-direct', 0.5, '~')]))).toBe(
    'No difference shows in 1 pair.',
  )
  expect(comparisonSentence(comparison([{ ...row('memfd-direct', 1, '~'), ratio: null }]))).toBe(
    'The two runs have no scheme and size in common.',
  )
})
