import type { SchemeId } from '../../contract/schemes.ts'
import { type Cell, medianOf, type Timed, totalsOf } from '../../findings/cells.ts'
import { allocationNs } from '../../findings/formulas.ts'
import { comparePairs } from '../../findings/statistics/comparePairs.ts'
import { summarize } from '../../findings/statistics/summary.ts'
import type { BenchResult } from './result.ts'

/** The cell of a scheme, in a run of one size. */
export function cellOf(cells: readonly Cell[], scheme: SchemeId): Cell {
  const found = cells.find(cell => cell.scheme === scheme)
  if (found === undefined) throw new Error(`the run has no sample of ${scheme}`)
  return found
}

/** Median allocation, UDMABUF_CREATE included, in ns. */
export function medianAllocation(cell: Cell): number {
  return medianOf(cell, allocationNs) ?? Number.NaN
}

export function medianRead(cell: Cell): number {
  return medianOf(cell, sample => sample.readNs) ?? Number.NaN
}

/** The rate of reading alone as a share of the ceiling, median. */
export function readOfCeiling(cell: Cell): number {
  const share = ({ ofCeiling, totalNs, readNs }: Timed) =>
    ofCeiling === null || readNs === null ? null : (ofCeiling * totalNs) / readNs
  return medianOf(cell, share) ?? Number.NaN
}

/** How many times longer `slow` takes than `fast`, by their medians. */
export function speedup(slow: Cell, fast: Cell): number {
  return slow.summary.median / fast.summary.median
}

/** The lower end of the 95 % interval of candidate / baseline: above 1, the candidate is shown to be slower. */
export function leastRatio(candidate: Cell, baseline: Cell): number {
  const pair = { candidate: totalsOf(candidate), baseline: totalsOf(baseline) }
  return comparePairs([pair])[0]?.low ?? Number.NaN
}

/** total / (1.10 max(alloc, read) + first gather), median: at most 1 where allocation and I/O overlap as they should. */
export function overlapBound(samples: readonly Timed[]): number {
  const ratios = samples.flatMap(({ totalNs, allocNs, readNs, firstGatherNs }) =>
    allocNs === null || readNs === null
      ? []
      : [totalNs / (1.1 * Math.max(allocNs, readNs) + (firstGatherNs ?? 0))],
  )
  return summarize(ratios)?.median ?? Number.NaN
}

/** Total, allocation, read and share of the ceiling, for each scheme. */
export function figuresOf(cells: readonly Cell[], setting: string): BenchResult[] {
  return cells.flatMap(cell => [
    { name: `${setting}, ${cell.scheme}: total`, value: cell.summary.median / 1e6, unit: 'ms' },
    { name: `${setting}, ${cell.scheme}: alloc`, value: medianAllocation(cell) / 1e6, unit: 'ms' },
    { name: `${setting}, ${cell.scheme}: read`, value: medianRead(cell) / 1e6, unit: 'ms' },
    {
      name: `${setting}, ${cell.scheme}: of the ceiling`,
      value: 100 * (medianOf(cell, sample => sample.ofCeiling) ?? Number.NaN),
      unit: '%',
    },
  ])
}
