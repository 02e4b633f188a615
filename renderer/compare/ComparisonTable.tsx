import { Fragment } from 'react'
import type { CellSummary, SidesComparison, SidesRow } from '../../contract/comparison.ts'
import { levelText, ratioDigits } from '../../findings/comparisonText.ts'
import { msText, sizeText } from '../../findings/words/figureText.ts'
import { pointAligned } from '../base/decimalAlign.ts'
import { hashOf } from '../base/route.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'

/** Every side's medians beside each other, each with its ratio to the first and the verdict of the test. */
export function ComparisonTable({ comparison }: { comparison: SidesComparison }) {
  const { sides, rows } = comparison
  const named = rows.some(row => row.scheme !== null)
  return (
    <ScrollX label="Schemes and sizes">
      <table className="compared" aria-label="Comparison">
        <thead>
          <tr>
            {named && <th scope="col">scheme</th>}
            <th scope="col" className="number">
              size
            </th>
            {sides.map(({ runId, title, device }, place) => (
              <Fragment key={title}>
                <th scope="col" className="number" title={device}>
                  <a href={hashOf('runs', runId)}>{title}</a>, ms
                </th>
                {place > 0 && (
                  <>
                    <th scope="col" className="number">
                      time ratio
                    </th>
                    <th scope="col">verdict</th>
                  </>
                )}
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={`${row.scheme}/${row.bytes}`}>
              {named && <td>{row.scheme !== null && <SchemeName scheme={row.scheme} />}</td>}
              <td className="number">{sizeText(row.bytes)}</td>
              {sides.map(({ title }, place) => (
                <Fragment key={title}>
                  <Median cell={row.cells[place] ?? null} />
                  {place > 0 && <Ratio row={row} place={place} />}
                </Fragment>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function Median({ cell }: { cell: CellSummary | null }) {
  if (cell === null) return <td className="number quiet">-</td>
  const { medianNs, lowNs, highNs, count } = cell
  return (
    <td className="number" title={`${count} repeats`}>
      {pointAligned(msText(medianNs))}{' '}
      <span className="quiet">
        {msText(lowNs)} to {msText(highNs)}
      </span>
    </td>
  )
}

function Ratio({ row, place }: { row: SidesRow; place: number }) {
  const ratio = row.ratios[place] ?? null
  if (ratio === null) {
    const lacks = row.cells[place] == null || row.cells[0] == null
    return (
      <>
        <td className="number quiet">-</td>
        <td className="quiet">{lacks ? 'one side only' : 'no ratio'}</td>
      </>
    )
  }
  return (
    <>
      <td className="number" title={`${levelText(ratio.confidence)} interval`}>
        {pointAligned(ratioDigits(ratio.ratio))}{' '}
        <span className="quiet">
          {ratioDigits(ratio.low)} to {ratioDigits(ratio.high)}
        </span>
      </td>
      <td>
        <VerdictWord verdict={ratio.verdict} />
      </td>
    </>
  )
}

function VerdictWord({ verdict }: { verdict: 'faster' | 'slower' | '~' }) {
  if (verdict === '~') return <span className="quiet">~ no difference shown</span>
  return verdict === 'faster' ? <span className="good">◂ faster</span> : <span className="bad">▸ slower</span>
}
