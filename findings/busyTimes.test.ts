import { expect, test } from 'vitest'
import { busyTimes } from './busyTimes.ts'
import { span } from './testing/pipeline.ts'

const spans = [
  span('reader-1', 'read', 40, 60, 1),
  span('reader-0', 'read', 10, 50, 0),
  span('allocator', 'alloc', 0, 30, 0),
  span('caller', 'close', 60, 70),
]

test('sums what lies between two moments, whole or in part', () => {
  expect(busyTimes(spans, 20, 45)).toEqual([
    { phase: 'alloc', ns: 10 },
    { phase: 'read', ns: 25 + 5 },
  ])
})

test('a phase that has no work there is not told', () => {
  expect(busyTimes(spans, 61, 65)).toEqual([{ phase: 'close', ns: 4 }])
  expect(busyTimes(spans, 5, 5)).toEqual([])
})
