import type { Comparison } from './statistics/comparePairs.ts'
import { percentText, signedPercentText, threeDigits } from './words/figureText.ts'

type Interval = Pick<Comparison, 'ratio' | 'low' | 'high' | 'confidence'>

/** `95 %`, `99.9 %`: rounded down, so that none is said to be more than it is. */
export function levelText(confidence: number): string {
  const percent = confidence * 100 + 1e-9
  const floor = percent < 99 ? Math.floor(percent) : Math.min(99.9, Math.floor(percent * 10) / 10)
  return `${floor} %`
}

/** `0.600 (0.583 to 0.618, 95 %)`: a time ratio with its interval and the level that the interval has. */
export function ratioText({ ratio, low, high, confidence }: Interval): string {
  if (confidence === 0) return `${ratioDigits(ratio)} (no interval: one load each)`
  return `${ratioDigits(ratio)} (${ratioDigits(low)} to ${ratioDigits(high)}, ${levelText(confidence)})`
}

/** What a table of ratios rests on. */
export const ratioNote =
  'Time ratios: the Hodges-Lehmann estimate with the interval of the Mann-Whitney test, at the level said. "~" where the interval spans 1: no difference shown. Each interval stands for its own row alone, not for all of them at once.'

/** Three digits, and more near 1, where they tell on which side of it a ratio lies. */
export function ratioDigits(ratio: number): string {
  const distance = Math.abs(ratio - 1)
  if (distance === 0 || distance >= 0.005) return threeDigits(ratio)
  return ratio.toFixed(Math.min(9, 1 - Math.floor(Math.log10(distance))))
}

/** From this ratio on a change reads better as a multiple than in percent. */
const multipleFrom = 2
/** A smaller share rounds to 0.0 %. */
const leastShare = 0.0005

/** `25 % less time than normal (24 to 26 %, 95 % interval)`, `3.00 times as long as normal (…)`. */
export function changeText(interval: Interval, baseline: string): string {
  const { ratio } = interval
  if (ratio >= multipleFrom)
    return `${threeDigits(ratio)} times as long as ${baseline} (${rangeText(interval)})`
  const share = Math.abs(1 - ratio)
  if (share > 0 && share < leastShare)
    return `within 0.1 % of the time of ${baseline} (${rangeText(interval)})`
  return `${percentText(share)} ${ratio < 1 ? 'less' : 'more'} time than ${baseline} (${rangeText(interval)})`
}

/** `saves 25 % (24 to 26 %, 95 % interval)`, `costs 12 % (…)`, `takes 3.00 times as long (…)`. */
export function effectText(interval: Interval): string {
  const { ratio } = interval
  if (ratio >= multipleFrom) return `takes ${threeDigits(ratio)} times as long (${rangeText(interval)})`
  return `${ratio < 1 ? 'saves' : 'costs'} ${shareText(Math.abs(1 - ratio))} (${rangeText(interval)})`
}

/** The interval in the unit and on the side of the change, with its level. */
function rangeText({ ratio, low, high, confidence }: Interval): string {
  if (confidence === 0) return 'one load each'
  const level = `${levelText(confidence)} interval`
  if (ratio >= multipleFrom) return `${threeDigits(low)} to ${threeDigits(high)}, ${level}`
  const [from, to] = ratio < 1 ? [1 - high, 1 - low] : [low - 1, high - 1]
  return `${percentRange(from, to)}, ${level}`
}

/** `24 to 26 %`, with as many decimals as tell the ends apart, up to three. */
function percentRange(from: number, to: number): string {
  const ends = [from, to].map(percentText)
  if (ends[0] !== ends[1] || from === to) return ends.join(' to ').replace(' % to', ' to')
  const written = (decimals: number) => [from, to].map(share => (share * 100).toFixed(decimals))
  const [low, high] = [1, 2, 3].map(written).find(([a, b]) => a !== b) ?? written(3)
  return `${low} to ${high} %`
}

/** A share that is there but rounds to nothing is not called nothing. */
function shareText(share: number): string {
  return share > 0 && share < leastShare ? 'less than 0.1 %' : percentText(share)
}

/** `p = 0.012`, `p < 0.001`. */
export function pText(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toPrecision(2)}`
}

/** `-25 %`, `+3.2 %`, `x 9.9`: a change in a column. One that is there but rounds to nothing is not called nothing. */
export function shortChangeText(ratio: number): string {
  if (ratio >= multipleFrom) return `x ${threeDigits(ratio)}`
  const share = Math.abs(1 - ratio)
  if (share > 0 && share < leastShare) return '<0.1 %'
  return signedPercentText(ratio - 1)
}
