import { expect, test } from 'vitest'
import { storedSample } from '../../findings/testing/storedSample.ts'
import { sampleRows } from './sampleRows.ts'

const samples = [
  storedSample({ index: 0, scheme: 'memfd-direct', totalNs: 30, warmup: true }),
  storedSample({ index: 1, scheme: 'normal', totalNs: null, status: 'unsupported' }),
  storedSample({ index: 2, scheme: 'memfd-buffered', totalNs: 10 }),
  storedSample({ index: 3, scheme: 'memfd-direct', totalNs: 20 }),
]
const indexes = (rows: ReturnType<typeof sampleRows>) => rows.map(sample => sample.index)

test('samples without the figure come last in both directions', () => {
  expect(indexes(sampleRows(samples, 'all', { column: 'totalNs', descending: false }))).toEqual([2, 3, 0, 1])
  expect(indexes(sampleRows(samples, 'all', { column: 'totalNs', descending: true }))).toEqual([0, 3, 2, 1])
})

test('schemes sort in the order of the catalogue', () => {
  expect(indexes(sampleRows(samples, 'all', { column: 'scheme', descending: false }))).toEqual([1, 2, 0, 3])
})

test('the filters divide warm-ups, counted samples and those that are not ok', () => {
  const byIndex = { column: 'index', descending: false } as const
  expect(indexes(sampleRows(samples, 'counted', byIndex))).toEqual([2, 3])
  expect(indexes(sampleRows(samples, 'warm-up', byIndex))).toEqual([0])
  expect(indexes(sampleRows(samples, 'not ok', byIndex))).toEqual([1])
})
