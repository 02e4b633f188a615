import type { ComparisonRow, RunComparison } from '../../contract/comparison.ts'
import { pText } from '../../findings/comparisonText.ts'
import { countText, percentText, sizeText } from '../../findings/words/figureText.ts'

/** What the comparison shows: each pair by its own interval, and the largest change, which is picked, corrected. */
export function comparisonSentence({ rows, candidate }: RunComparison): string {
  const judged = rows.filter(row => row.ratio !== null)
  if (judged.length === 0) return 'The two runs have no scheme and size in common.'
  const faster = judged.filter(row => row.ratio?.verdict === 'faster')
  const slower = judged.filter(row => row.ratio?.verdict === 'slower')
  const all = countText(judged.length, 'pair')
  const largest = largestChange([...faster, ...slower])
  if (largest === null) return `No difference shows in ${all}.`
  const parts = [
    ...(faster.length > 0 ? [`faster in ${faster.length}`] : []),
    ...(slower.length > 0 ? [`slower in ${slower.length}`] : []),
  ]
  return `Run ${candidate} is ${parts.join(' and ')} of ${all}. The largest change, picked after looking: ${changeText(largest)}${pickedText(largest, judged.length)}.`
}

function largestChange(rows: readonly ComparisonRow[]): ComparisonRow | null {
  const size = ({ ratio }: ComparisonRow) => (ratio === null ? 0 : Math.abs(Math.log(ratio.ratio)))
  return rows.reduce<ComparisonRow | null>(
    (best, row) => (best === null || size(row) > size(best) ? row : best),
    null,
  )
}

function pickedText({ ratio }: ComparisonRow, pairs: number): string {
  if (ratio === null || pairs === 1) return ''
  return `, ${pText(ratio.adjustedPValue)} corrected for ${pairs} pairs`
}

function changeText({ scheme, bytes, ratio }: ComparisonRow): string {
  const change = (ratio?.ratio ?? 1) - 1
  const word = change < 0 ? 'less' : 'more'
  return `${sizeText(bytes)}, ${scheme}: ${percentText(Math.abs(change))} ${word} time`
}
