import type { StoredSample } from '../../contract/sample.ts'
import { schemeIds } from '../../contract/schemes.ts'

export type SampleColumn =
  | 'index'
  | 'scheme'
  | 'bytes'
  | 'repeat'
  | 'status'
  | 'totalNs'
  | 'allocNs'
  | 'readNs'
  | 'createNs'
  | 'closeNs'
  | 'throughput'
  | 'ofCeiling'
export type SampleSorting = { readonly column: SampleColumn; readonly descending: boolean }
export type StatusFilter = 'all' | 'counted' | 'warm-up' | 'not ok'

/** The samples to show, in order. A sample without the sorted figure comes last in both directions. */
export function sampleRows(
  samples: readonly StoredSample[],
  filter: StatusFilter,
  { column, descending }: SampleSorting,
): StoredSample[] {
  const value = valueFor(column)
  const sign = descending ? -1 : 1
  return samples.filter(passes(filter)).sort((a, b) => {
    const left = value(a)
    const right = value(b)
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || a.index - b.index
    return sign * (compared(left, right) || a.index - b.index)
  })
}

function passes(filter: StatusFilter): (sample: StoredSample) => boolean {
  if (filter === 'all') return () => true
  if (filter === 'warm-up') return sample => sample.warmup
  if (filter === 'not ok') return sample => sample.status !== 'ok'
  return sample => sample.status === 'ok' && !sample.warmup
}

function valueFor(column: SampleColumn): (sample: StoredSample) => number | string | null {
  return column === 'scheme' ? sample => schemeIds.indexOf(sample.scheme) : sample => sample[column]
}

function compared(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
