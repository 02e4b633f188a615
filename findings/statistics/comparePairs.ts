import { holmAdjusted } from './holm.ts'
import { mannWhitney } from './mannWhitney.ts'
import { pairwiseIntervalRank } from './rankSum.ts'
import { medianOfSorted, sortedAscending } from './summary.ts'

/** `~`: no difference shown. It does not say that the two are equal. */
export type Verdict = 'faster' | 'slower' | '~'

/** Two samples of times; `candidate` is judged against `baseline`. */
export type Pair = { readonly candidate: readonly number[]; readonly baseline: readonly number[] }

export type Comparison = {
  /** Typical time of the candidate over that of the baseline; below 1 the candidate is faster. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Real coverage of [low, high] for this pair alone, before the correction for many comparisons. */
  readonly confidence: number
  readonly pValue: number
  /** Holm-adjusted for `comparisons`; the verdict rests on it. */
  readonly adjustedPValue: number
  readonly comparisons: number
  readonly verdict: Verdict
}

/** A difference is shown where the corrected p-value is below. */
export const alpha = 0.05

type Ratio = Pick<Comparison, 'ratio' | 'low' | 'high' | 'confidence'>

/**
 * Hodges-Lehmann estimate on the logarithms: the median of all ratios candidate / baseline. Its interval comes from the
 * same rank distribution as the Mann-Whitney test, so both tell one story, and no shape of distribution is assumed.
 */
function ratioOf({ candidate, baseline }: Pair): Ratio {
  const ratios = sortedAscending(candidate.flatMap(mine => baseline.map(other => mine / other)))
  const { rank, confidence } = pairwiseIntervalRank(candidate.length, baseline.length, alpha)
  return {
    ratio: Math.exp(medianOfSorted(ratios.map(Math.log))),
    low: ratios[rank - 1] ?? Number.NaN,
    high: ratios[ratios.length - rank] ?? Number.NaN,
    confidence,
  }
}

function verdictOf(ratio: number, adjustedPValue: number): Verdict {
  if (adjustedPValue >= alpha || ratio === 1) return '~'
  return ratio < 1 ? 'faster' : 'slower'
}

/**
 * Compares every pair; the number of pairs is the number of comparisons that the p-values are corrected for.
 * @throws RangeError when a sample is empty or holds a time that is not above zero.
 */
export function comparePairs(pairs: readonly Pair[]): Comparison[] {
  const pValues = pairs.map(pair => {
    const times = [...pair.candidate, ...pair.baseline]
    const test = mannWhitney(pair.candidate, pair.baseline)
    if (test === null || !times.every(time => Number.isFinite(time) && time > 0)) {
      throw new RangeError('a comparison needs times above zero on both sides')
    }
    return test.pValue
  })
  const adjusted = holmAdjusted(pValues)
  return pairs.map((pair, index) => {
    const ratio = ratioOf(pair)
    const adjustedPValue = adjusted[index] ?? 1
    return {
      ...ratio,
      pValue: pValues[index] ?? 1,
      adjustedPValue,
      comparisons: pairs.length,
      verdict: verdictOf(ratio.ratio, adjustedPValue),
    }
  })
}
