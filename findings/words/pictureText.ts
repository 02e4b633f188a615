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
  readonly hideable: number | null
  readonly byOverlap: boolean
  readonly verdict: 'faster' | 'slower' | '~'
}

/**
 * What the overlapped load saves or costs against its twin, short and long, and its interval. It is called hidden where
 * overlap is what saves, and named not at all where no difference was shown.
 */
export function savedWords(saved: Saved): {
  readonly short: string
  readonly long: string
  readonly interval: string
} {
  const { share, low, high, confidence, verdict } = saved
  const short = percentText(Math.abs(share))
  if (verdict === '~')
    return { short: '~', long: '~ no difference shown', interval: rangeText(low, high, confidence) }
  if (share < 0)
    return { short: `+${short}`, long: `costs ${short}`, interval: rangeText(-high, -low, confidence) }
  const how = saved.byOverlap ? 'hidden' : 'saved'
  return { short, long: `${short} ${how}`, interval: rangeText(low, high, confidence) }
}

/** With its level where few repeats give less than the usual one. */
function rangeText(low: number, high: number, confidence: number): string {
  const level = confidence >= 0.95 ? '' : `, ${percentText(confidence)} interval`
  return `${percentText(low)} to ${percentText(high)}${level}`
}

/** The same as part of a sentence: `overlap hides 41 % (38 % to 44 %)`. */
export function savedText(saved: Saved): string {
  const { short, interval } = savedWords(saved)
  if (saved.verdict === '~') return `no difference shown (${interval})`
  if (saved.share < 0) return `costs ${short.slice(1)} more (${interval})`
  if (saved.byOverlap) return `overlap hides ${short} (${interval})`
  return `saves ${short} (${interval})${limitText(saved)}`
}

/** Said where more was saved than overlap can hide. */
function limitText({ share, hideable }: Saved): string {
  return hideable === null || hideable >= share
    ? ''
    : `, of which overlap can hide ${percentText(hideable)} at most`
}

/** What lies between the ends of two loads, in ns: hidden where overlap is what saves. */
export function hidText(ns: number, byOverlap: boolean): string {
  return byOverlap ? `overlap hid ${timeText(ns)}` : `saved ${timeText(ns)}`
}
