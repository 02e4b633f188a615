import { expect, test } from 'vitest'
import { cellsOf, medianOf, medianSample, sizesOf } from './cells.ts'
import { storedSample } from './testing/storedSample.ts'

const samples = [
  storedSample({ id: 1, scheme: 'memfd-gather-direct', totalNs: 700, bytes: 8 }),
  storedSample({ id: 2, scheme: 'memfd-direct', totalNs: 1000, bytes: 8, warmup: true }),
  storedSample({ id: 3, scheme: 'memfd-direct', totalNs: 1200, bytes: 8, allocNs: 5 }),
  storedSample({ id: 4, scheme: 'memfd-direct', totalNs: 1300, bytes: 8, allocNs: 7 }),
  storedSample({ id: 5, scheme: 'memfd-direct', totalNs: 1900, bytes: 8, allocNs: null }),
  storedSample({ id: 6, scheme: 'memfd-direct', totalNs: null, bytes: 8, status: 'failed' }),
  storedSample({ id: 7, scheme: 'memfd-direct', totalNs: 90, bytes: 4 }),
]

test('warm-ups and failures are not counted, and cells come in catalogue order', () => {
  const cells = cellsOf(samples)
  expect(cells.map(cell => [cell.scheme, cell.bytes, cell.summary.count, cell.summary.median])).toEqual([
    ['memfd-direct', 4, 1, 90],
    ['memfd-direct', 8, 3, 1300],
    ['memfd-gather-direct', 8, 1, 700],
  ])
  expect(sizesOf(cells)).toEqual([4, 8])
})

test('a cell that got no new sample stays the same object', () => {
  const before = cellsOf(samples)
  const after = cellsOf([...samples, storedSample({ id: 8, scheme: 'memfd-direct', bytes: 4 })], before)
  expect(after.map((cell, index) => cell === before[index])).toEqual([false, true, true])
  expect(after[0]?.summary.count).toBe(2)
})

test('the median sample is the one nearest to the median', () => {
  expect(cellsOf(samples).map(cell => medianSample(cell)?.id)).toEqual([7, 4, 1])
})

test('the median of a figure leaves out samples without it', () => {
  const cell = cellsOf(samples)[1]
  expect(cell && medianOf(cell, sample => sample.allocNs)).toBe(6)
  expect(cell && medianOf(cell, sample => sample.firstGatherNs)).toBeNull()
})
