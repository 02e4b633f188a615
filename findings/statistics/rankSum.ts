import { normalUpperQuantile } from './normal.ts'

/** From this many values on, in either sample, the normal approximation is used; R's wilcox.test does the same. */
export const exactBelow = 50

/** A difference is shown where the p-value is below, and the interval covers the true ratio with one less. */
export const alpha = 0.05

/** By both sizes: one answer asks for the same few again and again, at some 20 ms each for samples of 49. */
const known = new Map<string, readonly number[]>()

/** P(U = u) for u = 0..m*n of two samples from one continuous distribution, remembered. */
export function rankSumProbabilities(m: number, n: number): readonly number[] {
  const key = m < n ? `${m}/${n}` : `${n}/${m}`
  const before = known.get(key)
  if (before !== undefined) return before
  const probabilities = countedProbabilities(Math.min(m, n), Math.max(m, n))
  known.set(key, probabilities)
  return probabilities
}

/**
 * Counts the subsets of m ranks among m + n by their sum: additions only, so nothing cancels.
 */
function countedProbabilities(m: number, n: number): number[] {
  const rows = Array.from({ length: m + 1 }, () => new Float64Array(m * n + 1))
  const first = rows[0]
  if (first !== undefined) first[0] = 1
  for (let rank = 1; rank <= m + n; rank += 1) {
    for (let size = Math.min(m, rank); size >= 1; size -= 1) addRank(rows, size, rank - size)
  }
  const counts = rows[m] ?? new Float64Array(1)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return Array.from(counts, count => count / total)
}

/** Adds to `rows[size]` the subsets whose largest rank raises U by `shift`. */
function addRank(rows: readonly Float64Array[], size: number, shift: number): void {
  const from = rows[size - 1]
  const to = rows[size]
  if (from === undefined || to === undefined) return
  for (let u = shift; u < to.length; u += 1) to[u] = (to[u] ?? 0) + (from[u - shift] ?? 0)
}

/** P(U <= u). */
export function rankSumCumulative(probabilities: readonly number[], u: number): number {
  let sum = 0
  for (let i = 0; i <= u; i += 1) sum += probabilities[i] ?? 0
  return Math.min(1, sum)
}

export type IntervalRank = { readonly rank: number; readonly confidence: number }

/** Which of the m*n ordered pairwise differences bounds the 95 % interval, counted from each end (from 1). */
export function pairwiseIntervalRank(m: number, n: number): IntervalRank {
  return m < exactBelow && n < exactBelow ? exactRank(m, n) : approximateRank(m, n)
}

function exactRank(m: number, n: number): IntervalRank {
  const probabilities = rankSumProbabilities(m, n)
  let rank = 1
  let tail = probabilities[0] ?? 0
  for (;;) {
    const next = tail + (probabilities[rank] ?? 1)
    if (next > alpha / 2) break
    tail = next
    rank += 1
  }
  return { rank, confidence: Math.max(0, 1 - 2 * tail) }
}

function approximateRank(m: number, n: number): IntervalRank {
  const spread = Math.sqrt((m * n * (m + n + 1)) / 12)
  const rank = Math.floor((m * n) / 2 - normalUpperQuantile(alpha / 2) * spread)
  return { rank: Math.max(1, rank), confidence: 1 - alpha }
}
