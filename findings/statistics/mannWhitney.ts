import { normalUpperTail } from './normal.ts'
import { type NullDistribution, permutedRanks } from './permutedRanks.ts'
import {
  alpha,
  exactBelow,
  type IntervalRank,
  pairwiseIntervalRank,
  rankSumCumulative,
  rankSumProbabilities,
} from './rankSum.ts'

export type RankTest = {
  /** U of the first sample: pairs in which its value is the larger one, ties counting half. R calls it W. */
  readonly u: number
  /** Two-sided. */
  readonly pValue: number
  readonly method: 'exact' | 'normal approximation'
  /** Where the interval ends among all ordered pairwise ratios: one that leaves out 1 never meets a p-value above alpha. */
  readonly interval: IntervalRank
}

type Ranked = {
  readonly rankSumOfFirst: number
  readonly tieSizes: readonly number[]
  readonly midRanks: readonly number[]
}

/** Mid-ranks of the joint sample. */
function rankJointly(first: readonly number[], second: readonly number[]): Ranked {
  const joint = [
    ...first.map(value => ({ value, ofFirst: true })),
    ...second.map(value => ({ value, ofFirst: false })),
  ].sort((a, b) => a.value - b.value)
  const tieSizes: number[] = []
  const midRanks: number[] = []
  let rankSumOfFirst = 0
  for (let start = 0; start < joint.length; ) {
    let end = start + 1
    while (end < joint.length && joint[end]?.value === joint[start]?.value) end += 1
    const midRank = (start + 1 + end) / 2
    rankSumOfFirst += midRank * joint.slice(start, end).filter(item => item.ofFirst).length
    tieSizes.push(end - start)
    for (let place = start; place < end; place += 1) midRanks.push(midRank)
    start = end
  }
  return { rankSumOfFirst, tieSizes, midRanks }
}

function exactPValue({ atMost, atLeast }: NullDistribution, u: number): number {
  return Math.min(1, 2 * Math.min(atMost(u), atLeast(u)))
}

/** Without ties the distribution depends on the sizes alone, and is remembered for them. */
function untied(m: number, n: number): NullDistribution {
  const probabilities = rankSumProbabilities(m, n)
  const atMost = (u: number) => rankSumCumulative(probabilities, u)
  return { atMost, atLeast: u => atMost(m * n - u) }
}

/** With continuity and tie correction, as R's wilcox.test(correct = TRUE). */
function approximatePValue(u: number, m: number, n: number, tieSizes: readonly number[]): number {
  const total = m + n
  const ties = tieSizes.reduce((sum, size) => sum + (size ** 3 - size), 0)
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)))
  if (variance <= 0) return 1
  const distance = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5)
  return Math.min(1, 2 * normalUpperTail(distance / Math.sqrt(variance)))
}

/**
 * Mann-Whitney U test of two independent samples: exact for small samples, with ties as well, else the normal
 * approximation. `null` when a sample is empty.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): RankTest | null {
  const m = first.length
  const n = second.length
  if (m === 0 || n === 0) return null
  const { rankSumOfFirst, tieSizes, midRanks } = rankJointly(first, second)
  const u = rankSumOfFirst - (m * (m + 1)) / 2
  if (m >= exactBelow || n >= exactBelow) {
    const pValue = approximatePValue(u, m, n, tieSizes)
    return { u, pValue, method: 'normal approximation', interval: pairwiseIntervalRank(m, n) }
  }
  const tied = tieSizes.some(size => size > 1)
  const distribution = tied ? permutedRanks(midRanks, m) : untied(m, n)
  const interval = notBeyond(pairwiseIntervalRank(m, n), distribution, m * n)
  return { u, pValue: exactPValue(distribution, u), method: 'exact', interval }
}

/** Ties make the tails heavier or lighter; the interval is as wide as the heavier of them asks. */
function notBeyond(
  interval: IntervalRank,
  { atMost, atLeast }: NullDistribution,
  pairs: number,
): IntervalRank {
  const isTooNarrow = (rank: number) =>
    2 * Math.max(atMost(rank - 1), atLeast(pairs - rank + 1)) > Math.max(alpha, 1 - interval.confidence)
  let { rank } = interval
  while (rank > 1 && isTooNarrow(rank)) rank -= 1
  return { ...interval, rank }
}

/** The two-sided p-value of the most extreme order without ties: every value of one sample below every value of the other. */
export function smallestPValue(m: number, n: number): number {
  let orders = 1
  for (let step = 1; step <= m; step += 1) orders *= (n + step) / step
  return Math.min(1, 2 / orders)
}

/** The fewest repeats of each of two schemes with which the test can give a p-value below `alpha` / `comparisons`. */
export function repeatsToDecide(alpha: number, comparisons = 1): number {
  let repeats = 1
  while (comparisons * smallestPValue(repeats, repeats) >= alpha) repeats += 1
  return repeats
}
