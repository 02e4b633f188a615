/** How likely each value of U is when every split of the observed values into both samples is as likely as any other. */
export type NullDistribution = {
  /** P(U <= u); U may be a multiple of one half, where values tie. */
  readonly atMost: (u: number) => number
  /** P(U >= u), summed from its own end, so that a small tail keeps its digits. */
  readonly atLeast: (u: number) => number
}

/**
 * The permutation distribution of U given the mid-ranks of the joint sample, ties included (Streitberg and Röhmel's
 * shift algorithm, 1986). Without ties it is the usual one. Ranks are doubled, so that mid-ranks are whole numbers.
 * @param midRanks of the joint sample, in any order.
 * @param m size of the first sample.
 */
export function permutedRanks(midRanks: readonly number[], m: number): NullDistribution {
  const least = Math.min(...midRanks)
  // Counted from the least rank: the sums stay short.
  const steps = midRanks.map(rank => Math.round(2 * (rank - least)))
  const splits = splitsBySum(steps, m)
  const total = splits.reduce((sum, count) => sum + count, 0)
  // U = rank sum - m (m + 1) / 2, and the rank sum is half the steps' sum and m times the least rank.
  const uOfNothing = m * least - (m * (m + 1)) / 2
  const sumAt = (u: number) => Math.round(2 * (u - uOfNothing))
  const share = (from: number, to: number) =>
    splits.slice(from, to).reduce((sum, count) => sum + count, 0) / total
  return {
    atMost: u => share(0, Math.max(0, sumAt(u) + 1)),
    atLeast: u => share(Math.max(0, sumAt(u)), splits.length),
  }
}

/**
 * How many choices of `size` steps have each sum. The steps are taken in ascending order, so that of the first few only
 * the sums that they can have are counted, and only choices that can still become `size`.
 */
function splitsBySum(steps: readonly number[], size: number): Float64Array {
  const ascending = steps.toSorted((a, b) => a - b)
  const sums = [0]
  for (const step of ascending) sums.push((sums.at(-1) ?? 0) + step)
  const between = (first: number, end: number) => (sums[end] ?? 0) - (sums[first] ?? 0)
  const largest = between(steps.length - size, steps.length)
  const rows = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1))
  const none = rows[0]
  if (none !== undefined) none[0] = 1
  for (const [taken, step] of ascending.entries()) {
    const fewest = Math.max(1, size - (steps.length - taken - 1))
    for (let chosen = Math.min(size, taken + 1); chosen >= fewest; chosen -= 1) {
      const from = rows[chosen - 1]
      const to = rows[chosen]
      if (from === undefined || to === undefined) continue
      const least = between(0, chosen - 1) + step
      const most = between(taken + 1 - chosen, taken) + step
      for (let sum = most; sum >= least; sum -= 1) to[sum] = (to[sum] ?? 0) + (from[sum - step] ?? 0)
    }
  }
  return rows[size] ?? new Float64Array(1)
}
