import { useMemo, useState } from 'react'
import type { StoredSample } from '../../contract/sample.ts'
import { columnTitles, inMs } from '../../findings/words/columnTitles.ts'
import { countText } from '../../findings/words/figureText.ts'
import { Segments } from '../controls/Segments.tsx'
import { SortHeader } from '../controls/SortHeader.tsx'
import { Gap, useVirtualRows } from '../controls/virtualRows.tsx'
import { SampleRow } from './SampleRow.tsx'
import { type SampleColumn, type SampleSorting, type StatusFilter, sampleRows } from './sampleRows.ts'

type Props = {
  readonly samples: readonly StoredSample[]
  readonly chosenId: number | null
  readonly onOpen: (sample: StoredSample, pin: boolean) => void
}

const filters: readonly StatusFilter[] = ['all', 'counted', 'warm-up', 'not ok']
const columns: ReadonlyArray<{ column: SampleColumn; title: string; numeric?: boolean }> = [
  { column: 'index', title: '#', numeric: true },
  { column: 'scheme', title: 'scheme' },
  { column: 'bytes', title: 'size', numeric: true },
  { column: 'repeat', title: 'repeat', numeric: true },
  { column: 'status', title: 'status' },
  { column: 'totalNs', title: inMs(columnTitles.total), numeric: true },
  { column: 'allocNs', title: 'alloc ms', numeric: true },
  { column: 'readNs', title: 'read ms', numeric: true },
  { column: 'createNs', title: 'create ms', numeric: true },
  { column: 'closeNs', title: 'close ms', numeric: true },
  { column: 'throughput', title: columnTitles.throughput, numeric: true },
  { column: 'ofCeiling', title: columnTitles.ofCeiling, numeric: true },
]
/** As controls/tables.css sets it. */
const rowHeight = 24
const columnCount = columns.length + 1

/** Every sample of the run. Only the rows in sight are built, so ten thousand of them scroll like ten. */
export function SamplesTable({ samples, chosenId, onOpen }: Props) {
  const [filter, setFilter] = useState<StatusFilter>('all')
  const [sorting, setSorting] = useState<SampleSorting>({ column: 'index', descending: false })
  const rows = useMemo(() => sampleRows(samples, filter, sorting), [samples, filter, sorting])
  const { box, first, last } = useVirtualRows<HTMLDivElement>({ rowHeight, count: rows.length })
  return (
    <section aria-label="Samples">
      <div className="row">
        <h2>{countText(rows.length, 'sample')}</h2>
        <Segments
          label="Which samples"
          options={filters.map(value => ({ value, title: value }))}
          chosen={filter}
          onChoose={setFilter}
        />
      </div>
      <div className="samples" ref={box}>
        <table aria-label="Samples" aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {columns.map(head => (
                <SortHeader key={head.column} {...head} sorting={sorting} onSort={setSorting} />
              ))}
              <th scope="col">marks and reason</th>
            </tr>
          </thead>
          <tbody>
            <Gap height={first * rowHeight} columns={columnCount} />
            {rows.slice(first, last).map((sample, offset) => (
              <SampleRow
                key={sample.id}
                sample={sample}
                row={first + offset + 2}
                chosen={sample.id === chosenId}
                onOpen={onOpen}
              />
            ))}
            <Gap height={(rows.length - last) * rowHeight} columns={columnCount} />
          </tbody>
        </table>
      </div>
    </section>
  )
}
