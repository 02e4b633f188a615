import { expect, test } from 'vitest'
import { cellsOf } from './cells.ts'
import { overlapRows } from './overlapRows.ts'
import { storedSample } from './testing/storedSample.ts'

test('the hidden part is what the total stays below the serial sum', () => {
  const cells = cellsOf([
    storedSample({ scheme: 'memfd-direct', bytes: 8, totalNs: 1310, allocNs: 600, readNs: 700 }),
    storedSample({
      scheme: 'memfd-gather-direct',
      bytes: 8,
      totalNs: 780,
      allocNs: 600,
      readNs: 700,
      firstGatherNs: 75,
      remainingAllocNs: 525,
    }),
  ])
  const [serial, gather] = overlapRows(cells, 8)
  expect(serial).toMatchObject({ serialNs: 1300, hiddenNs: 0, hiddenShare: 0, boundNs: null })
  expect(gather).toMatchObject({ serialNs: 1300, hiddenNs: 520, hiddenShare: 0.4, boundNs: 775 })
  expect(gather?.won).toBeCloseTo(520 / 600)
})

test('parts of different repeats are not set against each other: a serial load hides nothing', () => {
  const repeat = (allocNs: number, readNs: number) =>
    storedSample({ scheme: 'memfd-direct', bytes: 8, allocNs, readNs, totalNs: allocNs + readNs + 1 })
  const [row] = overlapRows(cellsOf([repeat(100, 10), repeat(10, 100), repeat(90, 90)]), 8)
  expect(row).toMatchObject({ serialNs: 180, totalNs: 111, hiddenNs: 0, hiddenShare: 0, won: null })
})

test('a load without separate lanes has a total but no serial sum', () => {
  const cells = cellsOf([
    storedSample({ scheme: 'memfd-sendfile-direct', bytes: 8, totalNs: 900, allocNs: null, readNs: 900 }),
  ])
  expect(overlapRows(cells, 8)[0]).toMatchObject({ serialNs: null, hiddenNs: 0, hiddenShare: 0, won: null })
  expect(overlapRows(cells, 16)).toEqual([])
})
