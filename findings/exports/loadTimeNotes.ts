import { levelText, ratioNote } from '../comparisonText.ts'
import { settingText } from '../tuning.ts'
import { countText } from '../words/figureText.ts'
import { pathCause } from '../words/pathCause.ts'
import type { Report } from './report.ts'

/** What the tables rest on, said under them. */
export function loadTimeNotes(report: Report): string[] {
  const rows = report.sizes.flatMap(size => size.rows)
  const weakest = Math.min(...rows.map(row => row.cell.summary.confidence))
  return [
    `Median of the repeats with its ${weakest >= 0.95 ? '95 %' : 'distribution-free'} interval. Warm-ups are not counted, no repeat is dropped.`,
    ...(weakest >= 0.95
      ? []
      : [`Too few repeats for 95 %: the weakest interval covers the median with ${levelText(weakest)}.`]),
    ...ratioNotes(report),
    ...report.settings.map((setting, place) => `#${place}: ${settingText(setting)}.`),
    ...report.marks.map(({ mark, count }) => {
      const cause = pathCause(mark, report.environment)
      return `${countText(count, 'sample')} marked "${mark}"${cause === null ? '' : `: ${cause}`}.`
    }),
  ]
}

function ratioNotes({ baseline, comparisons }: Report): string[] {
  return comparisons === 0 ? ['Nothing to compare.'] : [`Against ${baseline}. ${ratioNote}`]
}
