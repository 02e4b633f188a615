import { expect, test } from 'vitest'
import { cellsOf } from './cells.ts'
import { overlapRows } from './overlapRows.ts'
import { storedSample } from './testing/storedSample.ts'

const gathers = { scheme: 'memfd-gather-direct', bytes: 8, firstGatherNs: 75, remainingAllocNs: 525 } as const

test('the hidden part is what the total stays below the serial sum', () => {
  const cells = cellsOf([
    storedSample({ scheme: 'memfd-direct', bytes: 8, totalNs: 1310, allocNs: 600, readNs: 700 }),
    storedSample({ ...gathers, totalNs: 780, allocNs: 600, readNs: 700 }),
  ])
  const [serial, gather] = overlapRows(cells, 8)
  expect(serial).toMatchObject({ serialNs: 1300, hiddenNs: 0, hiddenShare: 0, boundNs: null, won: null })
  expect(gather).toMatchObject({ serialNs: 1300, hiddenNs: 520, hiddenShare: 0.4, boundNs: 775 })
  expect(gather?.won).toBeCloseTo(520 / 600)
})

test('the times are those of one load: a serial load whose parts vary hides nothing', () => {
  const repeat = (allocNs: number, readNs: number) =>
    storedSample({ scheme: 'memfd-direct', bytes: 8, allocNs, readNs, totalNs: allocNs + readNs + 1 })
  const [row] = overlapRows(cellsOf([repeat(100, 10), repeat(10, 100), repeat(90, 90)]), 8)
  expect(row).toMatchObject({ allocNs: 100, readNs: 10, serialNs: 110, hiddenNs: 0, hiddenShare: 0 })
  expect(row?.sample.totalNs).toBe(111)
})

test('overlap won is the median of what each sample won, not what the median sample won', () => {
  const load = (totalNs: number, allocNs: number, readNs: number) =>
    storedSample({ ...gathers, totalNs, allocNs, readNs })
  const [row] = overlapRows(cellsOf([load(700, 600, 600), load(800, 400, 700), load(900, 600, 600)]), 8)
  expect(row?.sample.totalNs).toBe(800)
  // 500 of 600, 300 of 400 and 300 of 600.
  expect(row?.won).toBeCloseTo(300 / 400)
  const [other] = overlapRows(cellsOf([load(700, 600, 600), load(800, 400, 500), load(900, 600, 600)]), 8)
  // 500 of 600, 100 of 400 and 300 of 600.
  expect(other?.won).toBeCloseTo(300 / 600)
})

test('a udmabuf is allocated where it is created', () => {
  const load = { scheme: 'udmabuf-direct', bytes: 8, allocNs: null, createNs: 600, readNs: 700 } as const
  const [row] = overlapRows(cellsOf([storedSample({ ...load, totalNs: 1310 })]), 8)
  expect(row).toMatchObject({ allocNs: 600, serialNs: 1300 })
})
