import type { Mark, StoredSample } from '../contract/sample.ts'

/** How many samples bear which mark, in the order the marks appear. Warm-ups are not counted, as in statistics. */
export function markCounts(samples: readonly StoredSample[]): Array<{ mark: Mark; count: number }> {
  const groups = Map.groupBy(
    samples.filter(sample => !sample.warmup).flatMap(sample => sample.marks),
    mark => mark,
  )
  return [...groups].map(([mark, all]) => ({ mark, count: all.length }))
}
