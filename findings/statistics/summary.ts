/** Median of some values with a distribution-free interval, all in the unit of the values. */
export type Summary = {
  readonly count: number
  readonly median: number
  /** The interval [low, high] covers the true median with probability `confidence`. */
  readonly low: number
  readonly high: number
  /** The interval's real coverage: at least 0.95 from six values on, less below, 0 for a single value. */
  readonly confidence: number
  readonly min: number
  readonly max: number
}

const wantedConfidence = 0.95

export function sortedAscending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}

export function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  if (!Number.isInteger(middle)) return upper
  return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

type IntervalRank = { readonly rank: number; readonly confidence: number }

/**
 * The narrowest symmetric pair of order statistics that covers the median with 95 %; the extremes where none does.
 * [x(rank), x(n+1-rank)] misses it when Binomial(n, 1/2) is below `rank`, on either side. Summed in logs: 2^-n underflows.
 */
function intervalRank(count: number): IntervalRank {
  let logTerm = -count * Math.LN2
  let tail = Math.exp(logTerm)
  let rank = 1
  for (;;) {
    logTerm += Math.log((count - rank + 1) / rank)
    const nextTail = tail + Math.exp(logTerm)
    if (2 * (rank + 1) > count || 1 - 2 * nextTail < wantedConfidence) break
    tail = nextTail
    rank += 1
  }
  return { rank, confidence: Math.max(0, 1 - 2 * tail) }
}

/**
 * Median and interval of finite `values`; `null` for none. No value is ever dropped.
 * The interval makes no assumption on the distribution (David & Nagaraja, Order Statistics, section 7.1).
 * @throws RangeError for a value that is not finite.
 */
export function summarize(values: readonly number[]): Summary | null {
  if (!values.every(Number.isFinite)) throw new RangeError('a value to summarize is not finite')
  const sorted = sortedAscending(values)
  const count = sorted.length
  const min = sorted[0]
  const max = sorted[count - 1]
  if (min === undefined || max === undefined) return null
  const { rank, confidence } = intervalRank(count)
  return {
    count,
    median: medianOfSorted(sorted),
    low: sorted[rank - 1] ?? min,
    high: sorted[count - rank] ?? max,
    confidence,
    min,
    max,
  }
}
