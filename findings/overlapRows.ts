import { type SchemeId, schemeOf } from '../contract/schemes.ts'
import { type Cell, medianOf, type Timed } from './cells.ts'
import { type LaneTimes, overlappedBoundNs, overlapWon, serialSumNs } from './formulas.ts'

/**
 * One scheme at one size, medians in ns: the serial sum T(alloc) + T(I/O) beside the total. `hiddenNs` is what the
 * overlap hid: how far the total stays below the serial sum.
 */
export type OverlapRow = {
  readonly scheme: SchemeId
  readonly bytes: number
  readonly allocNs: number | null
  readonly readNs: number | null
  readonly firstGatherNs: number | null
  readonly remainingAllocNs: number | null
  readonly totalNs: number
  readonly lowNs: number
  readonly highNs: number
  readonly serialNs: number | null
  readonly boundNs: number | null
  readonly hiddenNs: number
  /** `hiddenNs` over the serial sum. */
  readonly hiddenShare: number
  /** How much of the possible overlap was won; `null` for a serial load. */
  readonly won: number | null
}

export function overlapRows(cells: readonly Cell[], bytes: number): OverlapRow[] {
  return cells.filter(cell => cell.bytes === bytes).map(overlapRow)
}

/** Medians of a cell's lane times; each may come from another repeat. */
function laneTimesOf(cell: Cell): LaneTimes & { readonly totalNs: number } {
  return {
    totalNs: cell.summary.median,
    allocNs: medianOf(cell, sample => sample.allocNs),
    readNs: medianOf(cell, sample => sample.readNs),
    firstGatherNs: medianOf(cell, sample => sample.firstGatherNs),
    remainingAllocNs: medianOf(cell, sample => sample.remainingAllocNs),
  }
}

function overlapRow(cell: Cell): OverlapRow {
  const times = laneTimesOf(cell)
  const serialNs = serialSumNs(times)
  const hiddenNs = Math.max(0, medianOf(cell, hiddenOf) ?? 0)
  return {
    scheme: cell.scheme,
    bytes: cell.bytes,
    allocNs: times.allocNs,
    readNs: times.readNs,
    firstGatherNs: times.firstGatherNs,
    remainingAllocNs: times.remainingAllocNs,
    totalNs: times.totalNs,
    lowNs: cell.summary.low,
    highNs: cell.summary.high,
    serialNs,
    boundNs: overlappedBoundNs(times),
    hiddenNs,
    hiddenShare: serialNs === null || serialNs === 0 ? 0 : hiddenNs / serialNs,
    won: schemeOf(cell.scheme).overlap === 'serial' ? null : medianOf(cell, overlapWon),
  }
}

/** Within one sample, so that parts of different repeats are never set against each other. */
function hiddenOf(sample: Timed): number | null {
  const serial = serialSumNs(sample)
  return serial === null ? null : serial - sample.totalNs
}
