import { sortedAscending } from './summary.ts'

/**
 * All ratios candidate / baseline of two samples of times, in ascending order, without making them: two samples of
 * 1,000 have a million. `at(rank)` counts from 0.
 */
export type PairedRatios = { readonly count: number; readonly at: (rank: number) => number }

/** Times are finite and above zero. */
export function pairedRatios(candidate: readonly number[], baseline: readonly number[]): PairedRatios {
  const above = sortedAscending(candidate)
  const below = sortedAscending(baseline).reverse()
  return {
    count: above.length * below.length,
    at: rank => smallestWith(ratio => countAtMost(above, below, ratio) > rank),
  }
}

/**
 * How many ratios are at most `limit`. `below` descends, so ratios grow along both samples, and one walk along the
 * stairs between the ratios that are and those that are not counts them.
 */
function countAtMost(above: readonly number[], below: readonly number[], limit: number): number {
  let count = 0
  let reach = below.length
  for (const time of above) {
    while (reach > 0 && time / (below[reach - 1] ?? Number.NaN) > limit) reach -= 1
    if (reach === 0) break
    count += reach
  }
  return count
}

const bits = new DataView(new ArrayBuffer(8))

/** The numbers above zero are in the order of their bits (IEEE 754): 64 halvings find the smallest for which it holds. */
function smallestWith(holds: (value: number) => boolean): number {
  let low = 0n
  let high = bitsOf(Number.POSITIVE_INFINITY)
  while (low < high) {
    const middle = (low + high) >> 1n
    if (holds(numberOf(middle))) high = middle
    else low = middle + 1n
  }
  return numberOf(low)
}

function bitsOf(value: number): bigint {
  bits.setFloat64(0, value)
  return bits.getBigUint64(0)
}

function numberOf(value: bigint): number {
  bits.setBigUint64(0, value)
  return bits.getFloat64(0)
}
