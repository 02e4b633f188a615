import { memo } from 'react'
import type { Prediction } from '../../contract/model.ts'
import { columnTitles, inMs } from '../../findings/words/columnTitles.ts'
import { msText, percentText, sizeText } from '../../findings/words/figureText.ts'
import { pointAligned } from '../base/decimalAlign.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'
import { SimBadge } from '../style/SimBadge.tsx'

type Props = { readonly predictions: readonly Prediction[]; readonly bytes: number }

const timeTitles = [
  columnTitles.allocTerm,
  columnTitles.readTerm,
  columnTitles.serialSum,
  columnTitles.overlappedBound,
  columnTitles.total,
].map(inMs)

/** The two formulas for every scheme at the file's size; batching and overlap are told apart. */
export const FormulaPanel = memo(({ predictions, bytes }: Props) => {
  const rows = predictions.filter(row => row.bytes === bytes)
  return (
    <section aria-label="The two formulas">
      <h2>
        The two formulas at {sizeText(bytes)} <SimBadge />
      </h2>
      <ScrollX label="Table of the two formulas">
        <table className="simulated" aria-label="The two formulas">
          <thead>
            <tr>
              <th scope="col">scheme</th>
              {timeTitles.map(title => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
              <th scope="col" className="number">
                {columnTitles.overlapWon}
              </th>
              <th scope="col" className="number" title="serial sum less total">
                by overlap ms
              </th>
              <th
                scope="col"
                className="number"
                title="serial sum with one gather for the whole file, less the serial sum with these gathers"
              >
                by batching ms
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <FormulaRow key={row.scheme} row={row} />
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  )
})

function FormulaRow({ row }: { row: Prediction }) {
  const { scheme, reason, allocNs, serialSumNs, readNs, overlappedBoundNs, totalNs, overlapWon } = row
  return (
    <tr>
      <td>
        <SchemeName scheme={scheme} />
      </td>
      {reason === '' ? (
        <>
          <Ms ns={serialSumNs === null || readNs === null ? allocNs : serialSumNs - readNs} />
          <Ms ns={readNs} />
          <Ms ns={serialSumNs} />
          <Ms ns={overlappedBoundNs} />
          <Ms ns={totalNs} />
          <td className="number">{overlapWon === null ? '-' : percentText(overlapWon)}</td>
          <Ms ns={row.overlapGainNs} />
          <Ms ns={row.batchingGainNs} />
        </>
      ) : (
        <td colSpan={8}>{reason}</td>
      )}
    </tr>
  )
}

function Ms({ ns }: { ns: number | null }) {
  return <td className="number">{pointAligned(ns === null ? '-' : msText(ns))}</td>
}
