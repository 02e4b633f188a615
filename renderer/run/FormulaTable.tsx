import { useMemo, useState } from 'react'
import type { Cell } from '../../findings/cells.ts'
import { sizesOf } from '../../findings/cells.ts'
import { formulaTerms } from '../../findings/formulaTerms.ts'
import { type OverlapRow, overlapRows } from '../../findings/overlapRows.ts'
import { columnTitles } from '../../findings/words/columnTitles.ts'
import { percentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { repeatNumber } from '../../findings/words/sampleTitle.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { Segments } from '../controls/Segments.tsx'
import { SchemeName } from '../style/SchemeName.tsx'

/** The two formulas with the figures of each cell's median sample. */
export function FormulaTable({ cells }: { cells: readonly Cell[] }) {
  const sizes = useMemo(() => sizesOf(cells), [cells])
  const [chosen, setChosen] = useState<number | null>(null)
  const bytes = chosen ?? sizes.at(-1) ?? 0
  const rows = useMemo(() => overlapRows(cells, bytes), [cells, bytes])
  return (
    <section aria-label="The two formulas">
      <div className="row">
        <h2>The two formulas with this run’s median samples</h2>
        <span className="spring" />
        <Segments
          label="Size"
          options={sizes.map(value => ({ value, title: sizeText(value) }))}
          chosen={bytes}
          onChoose={setChosen}
        />
      </div>
      <ScrollX label="Terms by scheme">
        <table aria-label="The two formulas with this run’s median samples">
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
    </section>
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
