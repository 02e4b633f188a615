import type { SidesComparison, SidesRow } from '../contract/comparison.ts'
import { pText } from './comparisonText.ts'
import { correctedVerdict } from './statistics/comparePairs.ts'
import { countText, percentText, sizeText } from './words/figureText.ts'

/**
 * What the comparison shows of each side but the first: how many of its pairs, by tests that are corrected for all of them
 * together, and the largest change.
 */
export function comparisonSentences(comparison: SidesComparison): string[] {
  const { sides, comparisons } = comparison
  if (comparisons === 0) {
    return [
      sides.length === 2
        ? 'The two have no scheme and size in common.'
        : 'None of them has a scheme and size in common with the first.',
    ]
  }
  return sides.slice(1).map((_, index) => sideSentence(comparison, index + 1))
}

function sideSentence({ sides, rows, comparisons }: SidesComparison, place: number): string {
  const title = capitalized(sides[place]?.title ?? '')
  const judged = rows.flatMap(row => {
    const ratio = row.ratios[place] ?? null
    return ratio === null ? [] : [{ row, ratio }]
  })
  const faster = judged.filter(({ ratio }) => correctedVerdict(ratio) === 'faster')
  const slower = judged.filter(({ ratio }) => correctedVerdict(ratio) === 'slower')
  const shown = [...faster, ...slower]
  const largest = largestChange(shown.length === 0 ? judged : shown)
  if (largest === null) return `${title} has no scheme and size in common with ${sides[0]?.title}.`
  const all = countText(judged.length, 'pair')
  const picked = `${changeText(largest)}${pickedText(largest, comparisons)}.`
  if (shown.length === 0) {
    const none = `${sides.length === 2 ? 'No' : `${title}: no`} difference shows in ${all}.`
    return judged.length === 1 ? none : `${none} The largest, picked after looking: ${picked}`
  }
  const parts = [
    ...(faster.length > 0 ? [`faster in ${faster.length}`] : []),
    ...(slower.length > 0 ? [`slower in ${slower.length}`] : []),
  ]
  return `${title} is ${parts.join(' and ')} of ${all}. The largest change, picked after looking: ${picked}`
}

type Judged = { readonly row: SidesRow; readonly ratio: NonNullable<SidesRow['ratios'][number]> }

function largestChange(judged: readonly Judged[]): Judged | null {
  const size = ({ ratio }: Judged) => Math.abs(Math.log(ratio.ratio))
  return judged.reduce<Judged | null>(
    (best, one) => (best === null || size(one) > size(best) ? one : best),
    null,
  )
}

function pickedText({ ratio }: Judged, pairs: number): string {
  return pairs === 1 ? '' : `, ${pText(ratio.adjustedPValue)} corrected for ${pairs} pairs`
}

function changeText({ row: { scheme, bytes }, ratio }: Judged): string {
  const change = ratio.ratio - 1
  const where = scheme === null ? sizeText(bytes) : `${sizeText(bytes)}, ${scheme}`
  return `${where}: ${percentText(Math.abs(change))} ${change < 0 ? 'less' : 'more'} time`
}

/** Only what begins with a word of ours: a scheme is called as it is. */
function capitalized(title: string): string {
  return title.replace(/^run /, 'Run ')
}
