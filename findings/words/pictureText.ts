import { percentText, timeText } from './figureText.ts'

/** What a GiB costs: `383 ms/GiB`. */
export function costText(nsPerGiB: number): string {
  return `${timeText(nsPerGiB)}/GiB`
}

type Saved = { readonly share: number; readonly low: number; readonly high: number }

/** What overlapping saves, with its interval: `overlap hides 41 % (38 % to 44 %)`. */
export function savedText({ share, low, high }: Saved): string {
  if (share >= 0) return `overlap hides ${percentText(share)} (${percentText(low)} to ${percentText(high)})`
  return `overlap costs ${percentText(-share)} (${percentText(-high)} to ${percentText(-low)})`
}
