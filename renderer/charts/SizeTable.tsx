import { ceilingShareOf, rateOf } from '../../findings/ceilingShare.ts'
import { type Cell, medianOf, medianSample } from '../../findings/cells.ts'
import { columnTitles } from '../../findings/words/columnTitles.ts'
import { msText, percentText, rateText, sizeText } from '../../findings/words/figureText.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { type Column, DataTable } from './kit/DataTable.tsx'
import type { OpenSample } from './openSample.ts'

type Props = {
  readonly cells: readonly Cell[]
  readonly ceilingBytesPerSecond: number | null
  readonly onOpen: OpenSample
}

const numeric = true

export function SizeTable({ cells, ceilingBytesPerSecond, onOpen }: Props) {
  const columns: ReadonlyArray<Column<Cell>> = [
    {
      title: 'scheme',
      cell: ({ scheme }) => <SchemeName scheme={scheme} />,
    },
    { title: 'size', numeric, cell: ({ bytes }) => sizeText(bytes) },
    { title: 'repeats', numeric, cell: ({ summary }) => summary.count },
    { title: 'median ms', numeric, cell: ({ summary }) => msText(summary.median) },
    { title: 'low ms', numeric, cell: ({ summary }) => msText(summary.low) },
    { title: 'high ms', numeric, cell: ({ summary }) => msText(summary.high) },
    { title: 'interval', numeric, cell: ({ summary }) => percentText(summary.confidence) },
    { title: 'alloc ms', numeric, cell: cell => msOrDash(medianOf(cell, sample => sample.allocNs)) },
    { title: 'read ms', numeric, cell: cell => msOrDash(medianOf(cell, sample => sample.readNs)) },
    { title: columnTitles.throughput, numeric, cell: cell => rateText(rateOf(cell) ?? Number.NaN) },
    {
      title: columnTitles.ofCeiling,
      numeric,
      cell: cell => percentText(ceilingShareOf(cell, ceilingBytesPerSecond) ?? Number.NaN),
    },
    { title: 'sample', cell: cell => <OpenButton cell={cell} onOpen={onOpen} /> },
  ]
  return (
    <DataTable
      caption="time by size"
      columns={columns}
      rows={cells}
      keyOf={cell => `${cell.scheme}/${cell.bytes}`}
    />
  )
}

function OpenButton({ cell, onOpen }: { cell: Cell; onOpen: OpenSample }) {
  const sample = medianSample(cell)
  if (sample === null) return null
  return (
    <>
      <button type="button" className="plain" onClick={() => onOpen(sample, false)}>
        Open
      </button>
      <button type="button" className="plain" onClick={() => onOpen(sample, true)}>
        Pin
      </button>
    </>
  )
}

function msOrDash(ns: number | null): string {
  return ns === null ? '-' : msText(ns)
}
