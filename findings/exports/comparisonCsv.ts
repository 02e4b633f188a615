import type { SidesComparison } from '../../contract/comparison.ts'
import { csvField } from './csv.ts'

const header = [
  'scheme',
  'bytes',
  'side',
  'run',
  'device',
  'simulated',
  'count',
  'median_ns',
  'low_ns',
  'high_ns',
  'confidence',
  'ratio',
  'ratio_low',
  'ratio_high',
  'ratio_confidence',
  'p',
  'adjusted_p',
  'verdict',
]

/**
 * A record for each cell of each side, after RFC 4180. Times in ns; a ratio is of the side's time to that of the first
 * side, and the first side has none. `adjusted_p` is corrected for all pairs of the comparison, `verdict` for none.
 */
export function comparisonCsvOf({ sides, rows }: SidesComparison): string {
  const records = rows.flatMap(row =>
    sides.flatMap((side, place) => {
      const cell = row.cells[place] ?? null
      if (cell === null) return []
      const ratio = row.ratios[place] ?? null
      const fields = [
        ...[row.scheme ?? side.scheme, row.bytes, side.title, side.runId, side.device, side.simulated],
        ...[cell.count, cell.medianNs, cell.lowNs, cell.highNs, cell.confidence],
        ...(ratio === null
          ? Array.from({ length: 7 }, () => null)
          : [
              ratio.ratio,
              ratio.low,
              ratio.high,
              ratio.confidence,
              ratio.pValue,
              ratio.adjustedPValue,
              ratio.verdict,
            ]),
      ]
      return [fields.map(csvField).join(',')]
    }),
  )
  return [header.join(','), ...records, ''].join('\r\n')
}
