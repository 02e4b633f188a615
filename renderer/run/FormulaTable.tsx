import { useMemo } from 'react'
import type { Cell } from '../../findings/cells.ts'
import { formulaTerms } from '../../findings/formulaTerms.ts'
import { type OverlapRow, overlapRows } from '../../findings/overlapRows.ts'
import { columnTitles } from '../../findings/words/columnTitles.ts'
import { percentText, timeText } from '../../findings/words/figureText.ts'
import { repeatNumber } from '../../findings/words/sampleTitle.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'
import { SectionBySize } from './SectionBySize.tsx'

const title = 'The two formulas with this run’s median samples'

/** The two formulas with the figures of each cell's median sample. */
export function FormulaTable({ cells }: { cells: readonly Cell[] }) {
  return (
    <SectionBySize label="The two formulas" title={title} cells={cells}>
      {bytes => <Formulas cells={cells} bytes={bytes} />}
    </SectionBySize>
  )
}

function Formulas({ cells, bytes }: { cells: readonly Cell[]; bytes: number }) {
  const rows = useMemo(() => overlapRows(cells, bytes), [cells, bytes])
  return (
    <>
      <ScrollX label="Terms by scheme">
        <table aria-label={title}>
          <thead>
            <tr>
              <th scope="col">scheme</th>
              <th scope="col">serial: T(alloc) + T(I/O)</th>
              <th scope="col">overlapped: T(first gather) + max(T(remaining alloc), T(I/O))</th>
              <th scope="col" className="number">
                repeat
              </th>
              <th scope="col" className="number">
                {columnTitles.total}
              </th>
              <th scope="col" className="number">
                {columnTitles.overlapWon}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <FormulaRow key={row.cell.scheme} row={row} />
            ))}
          </tbody>
        </table>
      </ScrollX>
      <p className="quiet">
        The times are those of the one sample nearest to the median, so that they add up. Overlap won is the
        median of what each sample won.
      </p>
    </>
  )
}

function FormulaRow({ row }: { row: OverlapRow }) {
  const terms = formulaTerms(row)
  return (
    <tr>
      <td>
        <SchemeName scheme={row.cell.scheme} />
      </td>
      <td className="figures">{terms.serial}</td>
      <td className="figures">{terms.overlapped}</td>
      <td className="number">{repeatNumber(row.sample)}</td>
      <td className="number">{timeText(row.sample.totalNs)}</td>
      <td className="number">{row.won === null ? '-' : percentText(row.won)}</td>
    </tr>
  )
}
