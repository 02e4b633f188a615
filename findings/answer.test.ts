import { expect, test } from 'vitest'
import type { SchemeId } from '../contract/schemes.ts'
import { GiB, MiB } from '../contract/size.ts'
import { answerOf } from './answer.ts'
import { cellsOf } from './cells.ts'
import { storedSample } from './testing/storedSample.ts'

function samples(scheme: SchemeId, totalsMs: readonly number[], bytes = GiB) {
  return totalsMs.map(ms => storedSample({ scheme, bytes, totalNs: ms * 1e6 }))
}

const spread = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

test('nothing measured, nothing said', () => {
  expect(answerOf([], 1e9)).toBeNull()
})

test('what overlapping saves at the largest size, with the share of the ceiling', () => {
  const cells = cellsOf([
    ...samples('memfd-direct', [10, 11, 12], 8 * MiB),
    ...samples('memfd-direct', spread(1200, 10)),
    ...samples('memfd-gather-direct', spread(700, 10)),
  ])
  const answer = answerOf(cells, 1.6e9)
  expect(answer?.sentence).toBe('At 1 GiB overlapping saves 42 % here; 95 % of the storage’s ceiling.')
  expect(answer?.basis).toBe(
    'memfd-gather-direct 705 ms (10 repeats) against memfd-direct 1.20 s (10 repeats). Mann-Whitney U, p < 0.001, 1 comparison.',
  )
})

test('three repeats cannot show a difference, however large', () => {
  const cells = cellsOf([
    ...samples('memfd-direct', [1200, 1201, 1202]),
    ...samples('memfd-gather-direct', [1, 2, 3]),
  ])
  expect(answerOf(cells, null)?.sentence).toBe(
    'At 1 GiB there are too few repeats to say: memfd-gather-direct 2.00 ms, memfd-direct 1.20 s so far.',
  )
})

test('repeats that suffice for one pair can be too few for several', () => {
  const four = (scheme: SchemeId, from: number) => samples(scheme, spread(from, 4))
  const two = cellsOf([...four('memfd-direct', 1200), ...four('memfd-gather-direct', 700)])
  const many = cellsOf([
    ...four('memfd-direct', 1200),
    ...four('memfd-gather-direct', 700),
    ...four('memfd-async-direct', 900),
  ])
  expect(answerOf(two, null)?.sentence).toContain('overlapping saves 42 %')
  expect(answerOf(many, null)?.sentence).toContain('too few repeats to say')
})

test('enough repeats without a difference say so', () => {
  const cells = cellsOf([
    ...samples('memfd-direct', spread(700, 10)),
    ...samples('memfd-gather-direct', spread(700, 10)),
  ])
  expect(answerOf(cells, null)?.sentence).toBe(
    'At 1 GiB overlapping makes no difference that these repeats can show.',
  )
})

test('an overlap that costs is not called a saving', () => {
  const cells = cellsOf([
    ...samples('memfd-direct', spread(1000, 10)),
    ...samples('memfd-gather-direct', spread(1100, 10)),
  ])
  expect(answerOf(cells, null)?.sentence).toBe('At 1 GiB overlapping costs 10 % here.')
})

test('without an overlapped pair the fastest scheme is named', () => {
  const cells = cellsOf([
    ...samples('memfd-direct', spread(1000, 10)),
    ...samples('memfd-buffered', spread(2000, 10)),
  ])
  expect(answerOf(cells, null)?.sentence).toBe(
    'At 1 GiB memfd-direct is fastest, 2.00 times faster than memfd-buffered.',
  )
})

test('where the fastest scheme has no twin, overlap of slower ones is not the answer', () => {
  const cells = cellsOf([
    ...samples('memfd-direct', spread(1000, 10)),
    ...samples('memfd-gather-direct', spread(1100, 10)),
    ...samples('read-async-direct', spread(500, 10)),
  ])
  expect(answerOf(cells, null)?.sentence).toBe(
    'At 1 GiB read-async-direct is fastest, 1.99 times faster than memfd-direct.',
  )
})

test('a single scheme is stated, not compared', () => {
  expect(answerOf(cellsOf(samples('memfd-direct', [1000])), 2e9)?.sentence).toBe(
    'memfd-direct loads 1 GiB in 1.00 s; 54 % of the storage’s ceiling.',
  )
})
