import { schemeOf } from '../contract/schemes.ts'
import { type Cell, medianOf, medianSample, type Timed } from './cells.ts'
import { allocationNs, overlappedBoundNs, overlapWon, serialSumNs } from './formulas.ts'

/**
 * One scheme at one size: the serial sum T(alloc) + T(I/O) beside the total. Times are in ns and those of the cell's
 * median sample: one real load, so that they add up. What the overlap hid and won is the median of what each of the
 * cell's samples hid and won.
 */
export type OverlapRow = {
  readonly cell: Cell
  readonly sample: Timed
  /** T(alloc), where a udmabuf's creation counts in. */
  readonly allocNs: number | null
  readonly readNs: number | null
  readonly firstGatherNs: number | null
  readonly remainingAllocNs: number | null
  readonly serialNs: number | null
  readonly boundNs: number | null
  /** How far the total stays below the serial sum; 0 where it does not. */
  readonly hiddenNs: number
  /** The same over the serial sum. */
  readonly hiddenShare: number
  /** How much of the possible overlap was won; `null` for a serial load. */
  readonly won: number | null
}

export function overlapRows(cells: readonly Cell[], bytes: number): OverlapRow[] {
  return cells.filter(cell => cell.bytes === bytes).flatMap(cell => overlapRowOf(cell) ?? [])
}

/** `null` for a cell without a sample. */
export function overlapRowOf(cell: Cell): OverlapRow | null {
  const sample = medianSample(cell)
  if (sample === null) return null
  return {
    cell,
    sample,
    allocNs: allocationNs(sample),
    readNs: sample.readNs,
    firstGatherNs: sample.firstGatherNs,
    remainingAllocNs: sample.remainingAllocNs,
    serialNs: serialSumNs(sample),
    boundNs: overlappedBoundNs(sample),
    hiddenNs: Math.max(0, medianOf(cell, hiddenNs) ?? 0),
    hiddenShare: Math.max(0, medianOf(cell, hiddenShare) ?? 0),
    won: schemeOf(cell.scheme).overlap === 'serial' ? null : medianOf(cell, overlapWon),
  }
}

/** Within one sample, so that parts of different repeats are never set against each other. */
function hiddenNs(sample: Timed): number | null {
  const serial = serialSumNs(sample)
  return serial === null ? null : serial - sample.totalNs
}

function hiddenShare(sample: Timed): number | null {
  const serial = serialSumNs(sample)
  return serial === null || serial === 0 ? null : (serial - sample.totalNs) / serial
}
