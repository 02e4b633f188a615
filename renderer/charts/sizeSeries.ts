import type { SchemeId } from '../../contract/schemes.ts'
import type { Cell, Timed } from '../../findings/cells.ts'
import type { Domain } from './kit/axisGrowth.ts'

export type SizePoint = { readonly x: number; readonly y: number; readonly cell: Cell }
export type RepeatPoint = { readonly x: number; readonly y: number; readonly sample: Timed }

/** One scheme's medians by size: x in bytes, y in ns. */
export type SizeSeries = { readonly scheme: SchemeId; readonly points: readonly SizePoint[] }

export function sizeSeries(cells: readonly Cell[]): SizeSeries[] {
  const series = new Map<SchemeId, SizePoint[]>()
  for (const cell of cells) {
    const points = series.get(cell.scheme) ?? []
    points.push({ x: cell.bytes, y: cell.summary.median, cell })
    series.set(cell.scheme, points)
  }
  return [...series].map(([scheme, points]) => ({ scheme, points }))
}

export function repeatPoints(cells: readonly Cell[]): RepeatPoint[] {
  return cells.flatMap(cell => cell.samples.map(sample => ({ x: cell.bytes, y: sample.totalNs, sample })))
}

/** How long the ceiling alone would take for each end of the size axis. */
export function ceilingLine(sizes: readonly number[], bytesPerSecond: number) {
  const ends = sizes.length === 0 ? [] : [Math.min(...sizes), Math.max(...sizes)]
  return ends.map(bytes => ({ x: bytes, y: (bytes / bytesPerSecond) * 1e9 }))
}

/** The size axis: the sizes of the plan with room to both sides, known before the first sample. */
export function sizeDomain(sizes: readonly number[]): Domain {
  if (sizes.length === 0) return { min: 1, max: 2 }
  const widen = sizes.length === 1 ? 2 : (Math.max(...sizes) / Math.min(...sizes)) ** 0.06
  return { min: Math.min(...sizes) / widen, max: Math.max(...sizes) * widen }
}
