import { percentText, timeText } from './figureText.ts'

/** What a GiB costs: `383 ms/GiB`. */
export function costText(nsPerGiB: number): string {
  return `${timeText(nsPerGiB)}/GiB`
}

type Saved = {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  readonly verdict: 'faster' | 'slower' | '~'
}

/** What overlapping saves or costs, short and long, and its interval. Where no difference was shown, none is named. */
export function savedWords({ share, low, high, confidence, verdict }: Saved): {
  readonly short: string
  readonly long: string
  readonly interval: string
} {
  const short = percentText(Math.abs(share))
  if (verdict === '~')
    return { short: '~', long: '~ no difference shown', interval: rangeText(low, high, confidence) }
  if (share < 0)
    return { short: `+${short}`, long: `costs ${short}`, interval: rangeText(-high, -low, confidence) }
  return { short, long: `${short} hidden`, interval: rangeText(low, high, confidence) }
}

/** With its level where few repeats give less than the usual one. */
function rangeText(low: number, high: number, confidence: number): string {
  const level = confidence >= 0.95 ? '' : `, ${percentText(confidence)} interval`
  return `${percentText(low)} to ${percentText(high)}${level}`
}

/** The same as part of a sentence: `overlap hides 41 % (38 % to 44 %)`. */
export function savedText(saved: Saved): string {
  const { long, short, interval } = savedWords(saved)
  if (saved.verdict === '~') return `no difference shown (${interval})`
  return `overlap ${saved.share < 0 ? long : `hides ${short}`} (${interval})`
}
