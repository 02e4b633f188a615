import { expect, test } from 'vitest'
import type { StoredSample } from '../contract/sample.ts'
import { cellsOf } from './cells.ts'
import { formulaTerms } from './formulaTerms.ts'
import { overlapRows } from './overlapRows.ts'
import { storedSample } from './testing/storedSample.ts'

const ms = 1e6

function termsOf(sample: StoredSample): string[] {
  return overlapRows(cellsOf([sample]), sample.bytes).flatMap(row => {
    const { serial, overlapped } = formulaTerms(row)
    return [serial, overlapped]
  })
}

test('both formulas are written with the run’s own numbers', () => {
  const gather = storedSample({
    scheme: 'memfd-gather-direct',
    totalNs: 780 * ms,
    allocNs: 600 * ms,
    readNs: 700 * ms,
    firstGatherNs: 75 * ms,
    remainingAllocNs: 525 * ms,
  })
  expect(termsOf(gather)).toEqual(['600 ms + 700 ms = 1.30 s', '75.0 ms + max(525 ms, 700 ms) = 775 ms'])
})

test('a serial load has no overlapped bound', () => {
  expect(termsOf(storedSample())).toEqual(['600 ms + 700 ms = 1.30 s', '-'])
})
