import { useEffect } from 'react'
import type { LedgerColumn, LedgerSort } from '../../contract/ledger.ts'
import { SortHeader } from '../controls/SortHeader.tsx'
import { Gap, useVirtualRows } from '../controls/virtualRows.tsx'
import { LedgerRow } from './LedgerRow.tsx'
import type { LedgerPage } from './ledgerPages.ts'

/** In a window of 1280 pixels all columns but the last two are whole beside the actions. */
const heads: ReadonlyArray<{ column: LedgerColumn; title: string; numeric?: boolean; width: number }> = [
  { column: 'id', title: 'run', numeric: true, width: 52 },
  { column: 'createdAt', title: 'started', width: 126 },
  { column: 'name', title: 'name, tags, note', width: 126 },
  { column: 'device', title: 'device', width: 112 },
  { column: 'kernel', title: 'kernel', width: 84 },
  { column: 'gatherBytes', title: 'gather', numeric: true, width: 62 },
  { column: 'fastest', title: 'fastest', width: 200 },
  { column: 'saved', title: 'saved', numeric: true, width: 150 },
  { column: 'ofCeiling', title: 'ceiling', numeric: true, width: 64 },
]
const moreHeads: typeof heads = [
  { column: 'change', title: 'against baseline', width: 168 },
  { column: 'status', title: 'status', width: 120 },
]
const checkWidth = 38
const sparkWidth = 96
const actionsWidth = 106
const allWidths = [
  checkWidth,
  ...heads.map(head => head.width),
  sparkWidth,
  ...moreHeads.map(head => head.width),
  actionsWidth,
]
const columnCount = allWidths.length
/** As runs.css sets it. */
const rowHeight = 28

type Props = {
  readonly page: LedgerPage
  readonly sort: LedgerSort
  readonly chosen: ReadonlySet<number>
  readonly opened: number | null
  readonly onSort: (sort: LedgerSort) => void
  readonly onLook: (first: number, last: number) => void
  readonly onChoose: (runId: number, chosen: boolean) => void
  readonly onChooseAll: (chosen: boolean) => void
  readonly onOpen: (runId: number) => void
}

/** Rows of one height, of which those in sight are built; the heads and the actions stay in sight. */
export function LedgerTable(props: Props) {
  const { page, sort, chosen, opened, onSort, onLook, onChoose, onChooseAll, onOpen } = props
  const count = page.counts?.matching ?? 0
  const { box, first, last } = useVirtualRows<HTMLElement>({ rowHeight, count })
  useEffect(() => onLook(first, last), [onLook, first, last])
  const sorting = { sorting: sort, onSort }
  const places = Array.from({ length: last - first }, (_, offset) => first + offset)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the arrow keys could not scroll it
    <section className="ledger" aria-label="History" tabIndex={0} ref={box}>
      <table aria-label="Runs" aria-rowcount={count + 1} style={{ minWidth: sum(allWidths) }}>
        <colgroup>
          {allWidths.map((width, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always the same
            <col key={place} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <input
                type="checkbox"
                aria-label="Choose all that are listed"
                checked={count > 0 && chosen.size >= count}
                onChange={event => onChooseAll(event.currentTarget.checked)}
              />
            </th>
            {heads.map(head => (
              <SortHeader key={head.column} {...head} {...sorting} />
            ))}
            <th scope="col">cost by size</th>
            {moreHeads.map(head => (
              <SortHeader key={head.column} {...head} {...sorting} />
            ))}
            <th scope="col" className="actions">
              <span className="unseen">actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap height={first * rowHeight} columns={columnCount} />
          {places.map(place => {
            const row = page.rows.get(place)
            if (row === undefined) return <UnreadRow key={`unread ${place}`} place={place + 2} />
            return (
              <LedgerRow
                key={row.id}
                row={row}
                place={place + 2}
                chosen={chosen.has(row.id)}
                opened={row.id === opened}
                onChoose={onChoose}
                onOpen={onOpen}
              />
            )
          })}
          <Gap height={(count - last) * rowHeight} columns={columnCount} />
        </tbody>
      </table>
    </section>
  )
}

function UnreadRow({ place }: { place: number }) {
  return (
    <tr aria-rowindex={place} aria-busy="true">
      <td colSpan={columnCount} className="quiet">
        …
      </td>
    </tr>
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
