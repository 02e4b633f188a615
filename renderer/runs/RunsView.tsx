import './runs.css'
import { useMemo, useState } from 'react'
import { hashOf } from '../base/route.ts'
import { ScrollX } from '../controls/ScrollX.tsx'
import { SortHeader } from '../controls/SortHeader.tsx'
import { useLab } from '../lab/labStore.ts'
import { ImportButton } from './ImportButton.tsx'
import { RunRow } from './RunRow.tsx'
import { type RunColumn, runRows, type Sorting } from './runRows.ts'

const columns: ReadonlyArray<{ column: RunColumn; title: string; numeric?: boolean }> = [
  { column: 'id', title: 'run', numeric: true },
  { column: 'createdAt', title: 'started' },
  { column: 'target', title: 'target' },
  { column: 'schemes', title: 'schemes' },
  { column: 'sizes', title: 'sizes' },
  { column: 'samples', title: 'samples', numeric: true },
  { column: 'status', title: 'status' },
]

export function RunsView() {
  const runs = useLab(state => state.runs)
  const [filter, setFilter] = useState('')
  const [sorting, setSorting] = useState<Sorting>({ column: 'id', descending: true })
  const rows = useMemo(() => runRows(runs?.values() ?? [], filter, sorting), [runs, filter, sorting])
  const total = runs?.size ?? 0
  return (
    <div className="page">
      <header className="bar">
        <h1>Runs</h1>
        <input
          type="search"
          aria-label="Filter runs"
          placeholder="filter by scheme, target, size, status"
          value={filter}
          onChange={event => setFilter(event.target.value)}
        />
        <span className="quiet" role="status">
          {filter === '' ? `${total} in all` : `${rows.length} of ${total}`}
        </span>
        <span className="spring" />
        <ImportButton />
      </header>
      {runs !== null && total === 0 ? (
        <section className="empty">
          <h2>No run yet</h2>
          <p>Every run you start is kept here, with its plan, its environment and each sample.</p>
          <a className="button primary" href={hashOf('bench')}>
            Open the bench
          </a>
        </section>
      ) : (
        <div className="scroll">
          <ScrollX label="History">
            <table className="history" aria-label="Runs">
              <thead>
                <tr>
                  {columns.map(head => (
                    <SortHeader key={head.column} {...head} sorting={sorting} onSort={setSorting} />
                  ))}
                  <th scope="col">
                    <span className="unseen">actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map(run => (
                  <RunRow key={run.id} run={run} />
                ))}
              </tbody>
            </table>
          </ScrollX>
        </div>
      )}
    </div>
  )
}
