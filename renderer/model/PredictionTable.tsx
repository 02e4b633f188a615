import type { Prediction } from '../../contract/model.ts'
import { columnTitles, inMs } from '../../findings/words/columnTitles.ts'
import { msText, percentText, sizeText } from '../../findings/words/figureText.ts'
import { type Column, DataTable } from '../charts/kit/DataTable.tsx'
import { SchemeName } from '../style/SchemeName.tsx'

const numeric = true

const columns: ReadonlyArray<Column<Prediction>> = [
  {
    title: 'scheme',
    cell: ({ scheme }) => <SchemeName scheme={scheme} />,
  },
  { title: 'size', numeric, cell: ({ bytes }) => sizeText(bytes) },
  { title: inMs(columnTitles.total), numeric, cell: ({ totalNs }) => msOrDash(totalNs) },
  { title: 'alloc ms', numeric, cell: ({ allocNs }) => msOrDash(allocNs) },
  { title: 'read ms', numeric, cell: ({ readNs }) => msOrDash(readNs) },
  { title: inMs(columnTitles.serialSum), numeric, cell: ({ serialSumNs }) => msOrDash(serialSumNs) },
  {
    title: inMs(columnTitles.overlappedBound),
    numeric,
    cell: ({ overlappedBoundNs }) => msOrDash(overlappedBoundNs),
  },
  {
    title: columnTitles.overlapWon,
    numeric,
    cell: ({ overlapWon }) => (overlapWon === null ? '-' : percentText(overlapWon)),
  },
  { title: 'by overlap ms', numeric, cell: ({ overlapGainNs }) => msOrDash(overlapGainNs) },
  { title: 'by batching ms', numeric, cell: ({ batchingGainNs }) => msOrDash(batchingGainNs) },
  { title: 'refused', cell: ({ reason }) => reason },
]

export function PredictionTable({ predictions }: { predictions: readonly Prediction[] }) {
  return (
    <DataTable
      caption="predicted times"
      columns={columns}
      rows={predictions}
      keyOf={row => `${row.scheme}/${row.bytes}`}
    />
  )
}

function msOrDash(ns: number | null): string {
  return ns === null ? '-' : msText(ns)
}
