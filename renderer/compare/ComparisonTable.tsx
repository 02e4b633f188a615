import type { CellSummary, ComparisonRow, RunComparison } from '../../contract/comparison.ts'
import { levelText, ratioDigits } from '../../findings/comparisonText.ts'
import { msText, sizeText } from '../../findings/words/figureText.ts'
import { pointAligned } from '../base/decimalAlign.ts'
import { hashOf } from '../base/route.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'

/** Both runs' medians side by side, the ratio and the verdict of the test. */
export function ComparisonTable({ comparison }: { comparison: RunComparison }) {
  const { baseline, candidate } = comparison
  return (
    <ScrollX label="Schemes and sizes">
      <table aria-label="Comparison">
        <thead>
          <tr>
            <th scope="col">scheme</th>
            <th scope="col" className="number">
              size
            </th>
            {[baseline, candidate].map(run => (
              <th key={run} scope="col" className="number" colSpan={2}>
                <a href={hashOf('runs', run)}>run {run}</a>, median and interval in ms
              </th>
            ))}
            <th scope="col" className="number">
              time ratio
            </th>
            <th scope="col" className="number">
              interval
            </th>
            <th scope="col" className="number">
              level
            </th>
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          {comparison.rows.map(row => (
            <Row key={`${row.scheme}/${row.bytes}`} row={row} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function Row({ row }: { row: ComparisonRow }) {
  const { ratio } = row
  return (
    <tr>
      <td>
        <SchemeName scheme={row.scheme} />
      </td>
      <td className="number">{sizeText(row.bytes)}</td>
      <Median cell={row.baseline} />
      <Median cell={row.candidate} />
      <td className="number">{ratio === null ? '-' : pointAligned(ratioDigits(ratio.ratio))}</td>
      <td className="number quiet">
        {ratio === null ? '-' : `${ratioDigits(ratio.low)} to ${ratioDigits(ratio.high)}`}
      </td>
      <td className="number">{ratio === null ? '-' : levelText(ratio.confidence)}</td>
      <td>{ratio === null ? 'one side only' : <VerdictWord verdict={ratio.verdict} />}</td>
    </tr>
  )
}

function Median({ cell }: { cell: CellSummary | null }) {
  return (
    <>
      <td className="number">{cell === null ? '-' : pointAligned(msText(cell.medianNs))}</td>
      <td className="number quiet" title={cell === null ? '' : `${cell.count} repeats`}>
        {cell === null ? '-' : `${msText(cell.lowNs)} to ${msText(cell.highNs)}`}
      </td>
    </>
  )
}

function VerdictWord({ verdict }: { verdict: 'faster' | 'slower' | '~' }) {
  if (verdict === '~') return <span className="quiet">~ no difference shown</span>
  return verdict === 'faster' ? <span className="good">◂ faster</span> : <span className="bad">▸ slower</span>
}
