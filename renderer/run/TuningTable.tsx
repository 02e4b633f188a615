import { useMemo } from 'react'
import type { Plan } from '../../contract/plan.ts'
import type { Cell } from '../../findings/cells.ts'
import { levelText, ratioDigits } from '../../findings/comparisonText.ts'
import { settingText, type TunedRow, tuningOf } from '../../findings/tuning.ts'
import { msText } from '../../findings/words/figureText.ts'
import { pointAligned } from '../base/decimalAlign.ts'
import { ScrollX } from '../controls/ScrollX.tsx'

/** Every setting that a tuning tried, against the first. */
export function TuningTable({ plan, cells }: { plan: Plan; cells: readonly Cell[] }) {
  const tuning = useMemo(() => tuningOf(plan, cells), [plan, cells])
  if (tuning === null) return null
  const { rows, best } = tuning
  return (
    <ScrollX label="Settings">
      <table aria-label="Settings">
        <thead>
          <tr>
            <th scope="col">setting</th>
            {['repeats', 'median ms', 'time ratio', 'interval', 'level'].map(title => (
              <th key={title} scope="col" className="number">
                {title}
              </th>
            ))}
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <SettingRow key={row.cell.setting} row={row} best={row === best} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function SettingRow({ row, best }: { row: TunedRow; best: boolean }) {
  const { cell, comparison } = row
  return (
    <tr>
      <td>{settingText(row.setting)}</td>
      <td className="number">{cell.summary.count}</td>
      <td className="number">{pointAligned(msText(cell.summary.median))}</td>
      <td className="number">{comparison === null ? '-' : pointAligned(ratioDigits(comparison.ratio))}</td>
      <td className="number quiet">
        {comparison === null ? '-' : `${ratioDigits(comparison.low)} to ${ratioDigits(comparison.high)}`}
      </td>
      <td className="number">{comparison === null ? '-' : levelText(comparison.confidence)}</td>
      <td>
        {best && <b>use this </b>}
        {comparison === null ? <span className="quiet">compared with</span> : comparison.verdict}
        {row.asGood && !best && <span className="quiet"> as good as the fastest</span>}
      </td>
    </tr>
  )
}
