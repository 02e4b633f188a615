type Props<C extends string> = {
  readonly column: C
  readonly title: string
  readonly sorting: { readonly column: C; readonly descending: boolean }
  readonly numeric?: boolean
  readonly onSort: (sorting: { readonly column: C; readonly descending: boolean }) => void
}

/** A column's head that sorts by it; a second click turns the order round. */
export function SortHeader<C extends string>({ column, title, sorting, numeric, onSort }: Props<C>) {
  const chosen = sorting.column === column
  const order = sorting.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" className={numeric ? 'number' : undefined} aria-sort={chosen ? order : 'none'}>
      <button
        type="button"
        className="sort"
        onClick={() => onSort({ column, descending: chosen && !sorting.descending })}
      >
        {title}
        <span aria-hidden="true">{chosen ? (sorting.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  )
}
