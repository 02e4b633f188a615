import type { SidesComparison, SidesRow } from '../../contract/comparison.ts'
import { comparisonSentences } from '../comparisonSentences.ts'
import { ratioNote } from '../comparisonText.ts'
import { sizeText, timeText } from '../words/figureText.ts'
import { ascii, item, narrowDigits, tableLine, wrapped } from './mailText.ts'

const widths = [24, 8, 8, 6, 11, 7] as const

/** A comparison for a mailing list: plain ASCII from us, at most 72 columns; a longer word is never broken. */
export function comparisonTextOf(comparison: SidesComparison): string {
  const { sides, warnings, differences, comparisons } = comparison
  const paragraphs = [
    ...comparisonSentences(comparison).map(sentence => wrapped(sentence)),
    warnings.map(warning => item(warning)).join('\n'),
    sides
      .map(({ title, device, simulated }) => wrapped(`${title}: ${device}${simulated ? ', SIMULATED' : ''}`))
      .join('\n'),
    differences.map(({ what, values }) => item(`${what}: ${values.join(' -> ')}`)).join('\n'),
    ...sides.slice(1).flatMap((_, index) => sideTables(comparison, index + 1)),
    comparisons === 0
      ? ''
      : wrapped(`${ratioNote} p is of the Mann-Whitney test, corrected for all pairs (Holm).`),
  ]
  return `${paragraphs
    .filter(text => text !== '')
    .map(ascii)
    .join('\n\n')}\n`
}

/** A table for each size, or one of all sizes where schemes are set beside each other. */
function sideTables({ sides, rows }: SidesComparison, place: number): string[] {
  const common = rows.filter(row => row.cells[0] != null && row.cells[place] != null)
  const titles = [sides[0]?.title ?? '', sides[place]?.title ?? ''] as const
  const bySize = Map.groupBy(common, row => (row.scheme === null ? null : row.bytes))
  const heads = [`${titles[1]} against`, titles[0]].map(title => wrapped(title)).join(' ')
  return [...bySize].map(([bytes, group]) =>
    [
      heads,
      tableLine(
        [bytes === null ? 'size' : sizeText(bytes), 'before', 'after', 'ratio', 'interval', 'p'],
        widths,
      ),
      ...group.map(row => tableLine(fieldsOf(row, place), widths)),
    ].join('\n'),
  )
}

function fieldsOf({ scheme, bytes, cells, ratios }: SidesRow, place: number): string[] {
  const ratio = ratios[place] ?? null
  const time = (at: number) => (cells[at] == null ? '' : timeText(cells[at].medianNs))
  const judged =
    ratio === null
      ? []
      : [
          narrowDigits(ratio.ratio),
          ratio.confidence === 0 ? '' : `${narrowDigits(ratio.low)}-${narrowDigits(ratio.high)}`,
          ratio.adjustedPValue < 0.001 ? '<0.001' : ratio.adjustedPValue.toPrecision(2),
        ]
  return [scheme ?? sizeText(bytes), time(0), time(place), ...judged]
}
