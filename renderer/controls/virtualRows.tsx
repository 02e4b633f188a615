import { type RefObject, useEffect, useRef, useState } from 'react'

type Rows = { readonly rowHeight: number; readonly count: number }

/** So many rows are built out of sight; few before anything is scrolled, as a list is opened more often than that. */
const spareRows = { atTheTop: 4, scrolled: 10 } as const

/** Rows of fixed height: which of them are in sight, with some to spare above and below. */
export function visibleRows(view: Rows & { readonly scrollTop: number; readonly height: number }): {
  readonly first: number
  readonly last: number
} {
  const spare = view.scrollTop === 0 ? spareRows.atTheTop : spareRows.scrolled
  const first = Math.max(0, Math.floor(view.scrollTop / view.rowHeight) - spare)
  const last = Math.ceil((view.scrollTop + view.height) / view.rowHeight) + spare
  return { first: Math.min(first, view.count), last: Math.min(last, view.count) }
}

/** So many rows further, others are built: fewer renderings while scrolling, and `spare` covers it. */
const stride = 4

/** Follows a box that scrolls. Only the rows in sight are built, so ten thousand of them scroll like ten. */
export function useVirtualRows<E extends HTMLElement>({
  rowHeight,
  count,
}: Rows): {
  readonly box: RefObject<E | null>
  readonly first: number
  readonly last: number
} {
  const box = useRef<E>(null)
  const [view, setView] = useState({ scrollTop: 0, height: 600 })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const step = stride * rowHeight
    const look = () => {
      const scrollTop = Math.floor(element.scrollTop / step) * step
      const height = element.clientHeight
      setView(before =>
        before.scrollTop === scrollTop && before.height === height ? before : { scrollTop, height },
      )
    }
    const resized = new ResizeObserver(look)
    resized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [rowHeight])
  return { box, ...visibleRows({ ...view, rowHeight, count }) }
}

/** The height of the rows that are not built. */
export function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    <tr>
      <td colSpan={columns} className="gap" style={{ height }} />
    </tr>
  )
}
