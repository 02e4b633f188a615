/** What the figures of a load are called at the head of a column or before a value, wherever they stand. */
export const columnTitles = {
  allocTerm: 'T(alloc)',
  readTerm: 'T(I/O)',
  serialSum: 'serial sum',
  firstGather: 'T(first gather)',
  remainingAlloc: 'T(remaining alloc)',
  overlappedBound: 'overlapped bound',
  total: 'total',
  overlapWon: 'overlap won',
  throughput: 'throughput',
  ofCeiling: 'of ceiling',
} as const

/** A title of a column of times in milliseconds. */
export function inMs(title: string): string {
  return `${title} ms`
}
