import type { Cell } from './cells.ts'

/** Bytes per second at the cell's median; `null` for a time that has no rate. The one figure for table and sentence. */
export function rateOf({ bytes, summary }: Cell): number | null {
  return summary.median > 0 ? bytes / (summary.median / 1e9) : null
}

/** The cell's rate over the ceiling, as a fraction; `null` where there is no ceiling or no rate. */
export function ceilingShareOf(cell: Cell, ceilingBytesPerSecond: number | null): number | null {
  const rate = rateOf(cell)
  return rate === null || ceilingBytesPerSecond === null ? null : rate / ceilingBytesPerSecond
}
