import { normalUpperTail } from './normal.ts'
import { exactBelow, rankSumCumulative, rankSumProbabilities } from './rankSum.ts'

export type RankTest = {
  /** U of the first sample: pairs in which its value is the larger one, ties counting half. R calls it W. */
  readonly u: number
  /** Two-sided. */
  readonly pValue: number
  readonly method: 'exact' | 'normal approximation'
}

type Ranked = { readonly rankSumOfFirst: number; readonly tieSizes: readonly number[] }

/** Mid-ranks of the joint sample. */
function rankJointly(first: readonly number[], second: readonly number[]): Ranked {
  const joint = [
    ...first.map(value => ({ value, ofFirst: true })),
    ...second.map(value => ({ value, ofFirst: false })),
  ].sort((a, b) => a.value - b.value)
  const tieSizes: number[] = []
  let rankSumOfFirst = 0
  for (let start = 0; start < joint.length; ) {
    let end = start + 1
    while (end < joint.length && joint[end]?.value === joint[start]?.value) end += 1
    const midRank = (start + 1 + end) / 2
    rankSumOfFirst += midRank * joint.slice(start, end).filter(item => item.ofFirst).length
    tieSizes.push(end - start)
    start = end
  }
  return { rankSumOfFirst, tieSizes }
}

function exactPValue(u: number, m: number, n: number): number {
  const smaller = Math.min(u, m * n - u)
  return Math.min(1, 2 * rankSumCumulative(rankSumProbabilities(m, n), smaller))
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
 * Mann-Whitney U test of two independent samples: exact for small samples without ties, else the normal
 * approximation. `null` when a sample is empty.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): RankTest | null {
  const m = first.length
  const n = second.length
  if (m === 0 || n === 0) return null
  const { rankSumOfFirst, tieSizes } = rankJointly(first, second)
  const u = rankSumOfFirst - (m * (m + 1)) / 2
  const tied = tieSizes.some(size => size > 1)
  if (!tied && m < exactBelow && n < exactBelow) {
    return { u, pValue: exactPValue(u, m, n), method: 'exact' }
  }
  return { u, pValue: approximatePValue(u, m, n, tieSizes), method: 'normal approximation' }
}

/** The two-sided p-value of the most extreme order: every value of one sample below every value of the other. */
export function smallestPValue(m: number, n: number): number {
  let orders = 1
  for (let step = 1; step <= m; step += 1) orders *= (n + step) / step
  return Math.min(1, 2 / orders)
}
