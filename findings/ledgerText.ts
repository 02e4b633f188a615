import type { BaselineChange, LedgerRow, RunAnswer } from '../contract/ledger.ts'
import { MiB } from '../contract/size.ts'
import { levelText, shortChangeText } from './comparisonText.ts'
import { countText, percentText, rateText, sizeText, timeText } from './words/figureText.ts'

/** `41 %`, `-12 %`: what the run's pair saves, `~` where its test does not bear it out; empty without a pair. */
export function savedText({ saved }: RunAnswer): string {
  if (saved === null) return ''
  return saved.shown ? percentText(1 - saved.ratio) : `~ ${percentText(1 - saved.ratio)}`
}

/** `39 to 43 %`: the interval of what is saved. */
export function savedRangeText({ saved }: RunAnswer): string {
  if (saved === null || saved.confidence === 0) return ''
  return rangeText(1 - saved.high, 1 - saved.low)
}

function rangeText(low: number, high: number): string {
  return `${percentText(low).replace(' %', '')} to ${percentText(high)}`
}

/** The whole of a run's answer, for who points at it. */
export function answerText({ fastest, bytes, medianNs, saved, ofCeiling }: RunAnswer): string {
  const lines = [
    `At ${sizeText(bytes)} the least median is that of ${fastest}: ${timeText(medianNs)}.`,
    ...(ofCeiling === null ? [] : [`It reaches ${percentText(ofCeiling)} of the storage’s ceiling.`]),
  ]
  if (saved === null) return lines.join(' ')
  const { candidate, baseline, shown, ratio, low, high, confidence } = saved
  const word = ratio < 1 ? 'saves' : 'costs'
  const share = percentText(Math.abs(1 - ratio))
  const range =
    confidence === 0
      ? 'one load each'
      : `${ratio < 1 ? rangeText(1 - high, 1 - low) : rangeText(low - 1, high - 1)}, ${levelText(confidence)}`
  const claim = shown
    ? `${candidate} ${word} ${share} against ${baseline} (${range}).`
    : `No difference shows between ${candidate} and ${baseline} (${range}).`
  return [...lines, `At ${sizeText(saved.bytes)} ${claim}`].join(' ')
}

/** `+12 %` of the run's fastest cell against the baseline; `~` before what its interval does not bear out. */
export function shortBaselineText({ ratio, low, high, confidence }: BaselineChange): string {
  const isShown = confidence > 0 && (low > 1 || high < 1)
  return `${isShown ? '' : '~ '}${shortChangeText(ratio)}`
}

/** `slower in 2 of 4`, `faster in 1 of 4`, or empty where no cell is shown to have changed. */
export function verdictText({ slower, faster, cells }: BaselineChange): string {
  if (slower > 0) return `slower in ${slower} of ${cells}`
  return faster > 0 ? `faster in ${faster} of ${cells}` : ''
}

export function baselineText(change: BaselineChange): string {
  const { baseline, scheme, bytes, low, high, confidence, cells } = change
  const range =
    confidence === 0
      ? 'one load each'
      : `${shortChangeText(low)} to ${shortChangeText(high)}, ${levelText(confidence)}`
  const verdict = verdictText(change) || 'none of them shown to have changed'
  return `Time of ${scheme} at ${sizeText(bytes)} against run ${baseline}: ${shortChangeText(change.ratio)} (${range}). Of ${countText(cells, 'cell')}: ${verdict}, corrected for all of them (Holm).`
}

/** `8 MiB 1.2 GB/s; 64 MiB 1.5 GB/s`: what a sparkline shows. */
export function costsText({ costs }: Pick<LedgerRow, 'costs'>): string {
  return costs
    .map(
      ({ bytes, scheme, nsPerGiB }) =>
        `${sizeText(bytes)} ${rateText((1024 * MiB) / (nsPerGiB / 1e9))} ${scheme}`,
    )
    .join('; ')
}
