import { useMemo, useState } from 'react'
import { type Cell, sizesOf } from '../../findings/cells.ts'
import {
  type LoadCosts,
  loadCostFields,
  loadCostNote,
  loadCostsOf,
  loadCostTitles,
  loadCostTitle as title,
} from '../../findings/loadCosts.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { Segments } from '../controls/Segments.tsx'
import { SchemeName } from '../style/SchemeName.tsx'

/** Processor time, memory, and how long a device still waits for the buffer. Nothing of it is simulated. */
export function LoadCostTable({ cells }: { cells: readonly Cell[] }) {
  const sizes = useMemo(() => sizesOf(cells), [cells])
  const [chosen, setChosen] = useState<number | null>(null)
  const bytes = chosen ?? sizes.at(-1) ?? 0
  const rows = useMemo(() => cells.filter(cell => cell.bytes === bytes).map(loadCostsOf), [cells, bytes])
  const most = Math.max(...rows.map(row => row.cpuNsPerGiB ?? 0))
  return (
    <section aria-label={title}>
      <div className="row">
        <h2>{title}</h2>
        <span className="spring" />
        <Segments
          label="Size"
          options={sizes.map(value => ({ value, title: sizeText(value) }))}
          chosen={bytes}
          onChoose={setChosen}
        />
      </div>
      <ScrollX label="Costs by scheme">
        <table aria-label={title}>
          <thead>
            <tr>
              <th scope="col">scheme</th>
              {loadCostTitles.map(name => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <CostRow key={row.cell.scheme} costs={row} most={most} />
            ))}
          </tbody>
        </table>
      </ScrollX>
      <p className="quiet">{loadCostNote}</p>
    </section>
  )
}

function CostRow({ costs, most }: { costs: LoadCosts; most: number }) {
  const [cpu = '-', ...others] = loadCostFields(costs)
  return (
    <tr>
      <td>
        <SchemeName scheme={costs.cell.scheme} />
      </td>
      <td className="number cost-bar">
        <meter aria-label="CPU per GiB" min={0} max={most || 1} value={costs.cpuNsPerGiB ?? 0} />
        {cpu}
      </td>
      {others.map((field, column) => (
        <td key={loadCostTitles[column + 1]} className="number">
          {field}
        </td>
      ))}
    </tr>
  )
}
