import { type ReactNode, useState } from 'react'
import { ScrollX } from '../../controls/ScrollX.tsx'

export type Column<R> = {
  readonly title: string
  /** Numbers are right-aligned and monospaced. */
  readonly numeric?: boolean
  readonly cell: (row: R) => ReactNode
}

type Props<R> = {
  readonly caption: string
  readonly columns: ReadonlyArray<Column<R>>
  readonly rows: readonly R[]
  readonly keyOf: (row: R) => string | number
}

/** More rows than this nobody reads on a page, and a load can have a hundred thousand spans. */
const mostRows = 1000

/** The figures behind a chart, one click away. Nothing is rendered until it is asked for. */
export function DataTable<R>({ caption, columns, rows, keyOf }: Props<R>) {
  const [open, setOpen] = useState(false)
  return (
    <details className="data" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>Data: {caption}</summary>
      {open && (
        <ScrollX label={`Table: ${caption}`}>
          <table aria-label={caption}>
            <thead>
              <tr>
                {columns.map(column => (
                  <th key={column.title} scope="col" className={column.numeric ? 'number' : undefined}>
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, mostRows).map(row => (
                <tr key={keyOf(row)}>
                  {columns.map(column => (
                    <td key={column.title} className={column.numeric ? 'number' : undefined}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > mostRows && (
            <p className="quiet">
              The first {mostRows} of {rows.length}. The run’s exports have all of them.
            </p>
          )}
        </ScrollX>
      )}
    </details>
  )
}
