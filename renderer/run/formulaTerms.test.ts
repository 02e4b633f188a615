import { expect, test } from 'vitest'
import { overlapRows } from '../charts/overlapRows.ts'
import { cellsOf } from '../lab/cells.ts'
import { storedSample } from '../testing/storedSample.ts'
import { formulaTerms } from './formulaTerms.ts'

const ms = 1e6

test('both formulas are written with the run’s own numbers', () => {
  const gather = storedSample({
    scheme: 'memfd-gather-direct',
    totalNs: 780 * ms,
    allocNs: 600 * ms,
    readNs: 700 * ms,
    firstGatherNs: 75 * ms,
    remainingAllocNs: 525 * ms,
  })
  const [row] = overlapRows(cellsOf([gather]), gather.bytes)
  expect(row && formulaTerms(row)).toEqual({
    serial: '600 ms + 700 ms = 1.30 s',
    overlapped: '75.0 ms + max(525 ms, 700 ms) = 775 ms',
  })
})

test('a serial load has no overlapped bound', () => {
  const [row] = overlapRows(cellsOf([storedSample()]), storedSample().bytes)
  expect(row && formulaTerms(row)).toEqual({ serial: '600 ms + 700 ms = 1.30 s', overlapped: '-' })
})
