import { holmAdjusted } from './holm.ts'
import { mannWhitney, type RankTest } from './mannWhitney.ts'
import { pairedRatios } from './pairedRatios.ts'
import { alpha } from './rankSum.ts'

export { alpha }

/** `~`: the interval of the ratio spans 1. It does not say that the two are equal. */
export type Verdict = 'faster' | 'slower' | '~'

/** Two samples of times; `candidate` is judged against `baseline`. */
export type Pair = { readonly candidate: readonly number[]; readonly baseline: readonly number[] }

export type Comparison = {
  /** Typical time of the candidate over that of the baseline; below 1 the candidate is faster. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  /** Real coverage of [low, high] for this pair alone: below 0.95 with few repeats, 0 where each side has one. */
  readonly confidence: number
  readonly pValue: number
  /** Holm-adjusted for `comparisons`, for a pair that is picked among them after looking. */
  readonly adjustedPValue: number
  readonly comparisons: number
  /** What the interval says, for this pair alone. */
  readonly verdict: Verdict
}

/**
 * Hodges-Lehmann estimate on the logarithms: the median of all ratios candidate / baseline. Its interval comes from the
 * same rank distribution as the Mann-Whitney test, so both tell one story, and no shape of distribution is assumed.
 */
function ratioOf({ candidate, baseline }: Pair, { interval }: RankTest) {
  const ratios = pairedRatios(candidate, baseline)
  const middle = [Math.floor((ratios.count - 1) / 2), Math.floor(ratios.count / 2)]
  return {
    ratio: Math.exp(middle.reduce((sum, rank) => sum + Math.log(ratios.at(rank)) / 2, 0)),
    low: ratios.at(interval.rank - 1),
    high: ratios.at(ratios.count - interval.rank),
    confidence: interval.confidence,
  }
}

function verdictOf({ low, high, confidence }: Pick<Comparison, 'low' | 'high' | 'confidence'>): Verdict {
  if (confidence === 0 || (low <= 1 && high >= 1)) return '~'
  return high < 1 ? 'faster' : 'slower'
}

/** The verdict that holds for all of a family's pairs at once. */
export function correctedVerdict({
  ratio,
  adjustedPValue,
}: Pick<Comparison, 'ratio' | 'adjustedPValue'>): Verdict {
  if (adjustedPValue >= alpha || ratio === 1) return '~'
  return ratio < 1 ? 'faster' : 'slower'
}

/**
 * Compares every pair; the number of pairs is the number of comparisons that the adjusted p-values are corrected for.
 * @param tellProgress after each pair; what it throws ends the work.
 * @throws RangeError when a sample is empty or holds a time that is not above zero.
 */
export function comparePairs(
  pairs: readonly Pair[],
  tellProgress: (done: number, total: number) => void = () => {},
): Comparison[] {
  const judged = pairs.map((pair, index) => {
    const test = testOf(pair)
    const ratio = ratioOf(pair, test)
    tellProgress(index + 1, pairs.length)
    return { ...ratio, pValue: test.pValue, verdict: verdictOf(ratio) }
  })
  const adjusted = holmAdjusted(judged.map(({ pValue }) => pValue))
  return judged.map((one, index) => ({
    ...one,
    adjustedPValue: adjusted[index] ?? 1,
    comparisons: pairs.length,
  }))
}

function testOf(pair: Pair): RankTest {
  const times = [...pair.candidate, ...pair.baseline]
  const test = mannWhitney(pair.candidate, pair.baseline)
  if (test === null || !times.every(time => Number.isFinite(time) && time > 0)) {
    throw new RangeError('a comparison needs times above zero on both sides')
  }
  return test
}
