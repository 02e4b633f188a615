import { alpha } from '../statistics/comparePairs.ts'
import { countText, percentText } from '../words/figureText.ts'
import type { Report } from './report.ts'

/** What the table rests on, said under it. */
export function loadTimeNotes(report: Report): string[] {
  const cells = report.sizes.flatMap(size => size.rows.map(row => row.cell))
  const weakest = Math.min(...cells.map(cell => cell.summary.confidence))
  const test = `Mann-Whitney U against ${report.baseline}, p-values corrected for ${countText(report.comparisons, 'comparison')} (Holm).`
  return [
    `Median of the repeats with its ${weakest >= 0.95 ? '95 %' : 'distribution-free'} interval. Warm-ups are not counted, no repeat is dropped.`,
    ...(weakest >= 0.95
      ? []
      : [`Too few repeats for 95 %: the weakest interval covers the median with ${percentText(weakest)}.`]),
    report.comparisons === 0 ? 'Nothing to compare.' : test,
    ...(report.comparisons > 0 && report.smallestPValue >= alpha ? [tooFew(report)] : []),
    ...report.marks.map(({ mark, count }) => `${countText(count, 'sample')} marked "${mark}".`),
  ]
}

function tooFew({ smallestPValue }: Report): string {
  return `Too few repeats for so many comparisons: the smallest p that can come out is ${smallestPValue.toPrecision(2)}, so no difference can be shown. Repeat more often, or compare fewer schemes and sizes.`
}
