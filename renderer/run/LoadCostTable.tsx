import { useMemo } from 'react'
import type { Cell } from '../../findings/cells.ts'
import {
  type LoadCosts,
  loadCostFields,
  loadCostNote,
  loadCostsOf,
  loadCostTitles,
  loadCostTitle as title,
} from '../../findings/loadCosts.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SchemeName } from '../style/SchemeName.tsx'
import { SectionBySize } from './SectionBySize.tsx'

/** Processor time, memory, and how long a device still waits for the buffer. Nothing of it is simulated. */
export function LoadCostTable({ cells }: { cells: readonly Cell[] }) {
  return (
    <SectionBySize label={title} title={title} cells={cells}>
      {bytes => <Costs cells={cells} bytes={bytes} />}
    </SectionBySize>
  )
}

function Costs({ cells, bytes }: { cells: readonly Cell[]; bytes: number }) {
  const rows = useMemo(() => cells.filter(cell => cell.bytes === bytes).map(loadCostsOf), [cells, bytes])
  const most = Math.max(...rows.map(row => row.cpuNsPerGiB ?? 0))
  return (
    <>
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
    </>
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
