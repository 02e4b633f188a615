import type { RunDetail } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import { plainReadOf, type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { type Answer, answerOf } from '../answer.ts'
import { type Cell, cellsOf, medianOf, sizesOf } from '../cells.ts'
import { type CellPair, compareCells } from '../compareCells.ts'
import { markCounts } from '../markCounts.ts'
import type { Comparison } from '../statistics/comparePairs.ts'
import { smallestPValue } from '../statistics/mannWhitney.ts'

/** One scheme at one size. `comparison` is `null` for the baseline itself and where the baseline has no figures. */
export type ReportRow = {
  readonly cell: Cell
  readonly throughput: number | null
  readonly ofCeiling: number | null
  readonly comparison: Comparison | null
}

/** Loads that gave no figure, counted by what happened. */
export type Unmeasured = {
  readonly scheme: SchemeId
  readonly status: StoredSample['status']
  readonly reason: string
  readonly count: number
}

/** What the Markdown and the plain-text report say, before it is laid out. */
export type Report = {
  readonly answer: Answer | null
  readonly simulated: boolean
  readonly baseline: SchemeId | null
  readonly comparisons: number
  /** What the test can give at best with these repeats, after its correction; 1 where nothing is compared. */
  readonly smallestPValue: number
  readonly sizes: readonly { readonly bytes: number; readonly rows: readonly ReportRow[] }[]
  readonly unmeasured: readonly Unmeasured[]
  readonly marks: ReturnType<typeof markCounts>
}

export function reportOf({ run, samples }: RunDetail): Report {
  const cells = cellsOf(samples)
  const baseline = baselineOf(run.plan.schemes)
  const pairs = pairsWith(baseline, cells)
  const comparisons = compareCells(pairs)
  const rowOf = (cell: Cell): ReportRow => ({
    cell,
    throughput: medianOf(cell, sample => sample.throughput),
    ofCeiling: medianOf(cell, sample => sample.ofCeiling),
    comparison: comparisons.get(cell) ?? null,
  })
  return {
    answer: answerOf(cells, run.ceiling?.bytesPerSecond ?? null),
    simulated: samples.some(sample => sample.simulated),
    baseline,
    comparisons: comparisons.size,
    smallestPValue: smallestCorrected(pairs),
    sizes: sizesOf(cells).map(bytes => ({
      bytes,
      rows: cells.filter(cell => cell.bytes === bytes).map(rowOf),
    })),
    unmeasured: unmeasuredOf(samples),
    marks: markCounts(samples),
  }
}

/**
 * Chosen from the plan alone, never from the results: `normal` where it takes part, else the serial scheme beside the
 * first overlapped one, else the plan's first.
 */
export function baselineOf(schemes: readonly SchemeId[]): SchemeId | null {
  const plain = plainReadOf('dma-heap')
  if (schemes.includes(plain)) return plain
  const twin = schemes
    .map(scheme => schemeOf(scheme).twin)
    .find(serial => serial !== null && schemes.includes(serial))
  return twin ?? schemes[0] ?? null
}

/** Every cell against the baseline of its size; all of them are one family for the correction. */
function pairsWith(baseline: SchemeId | null, cells: readonly Cell[]): CellPair[] {
  const baselines = new Map(cells.filter(cell => cell.scheme === baseline).map(cell => [cell.bytes, cell]))
  return cells.flatMap(candidate => {
    const other = baselines.get(candidate.bytes)
    return other === undefined || other === candidate ? [] : [{ candidate, baseline: other }]
  })
}

/** Holm's first step multiplies the smallest p-value by the number of comparisons. */
function smallestCorrected(pairs: readonly CellPair[]): number {
  const corrected = pairs.map(
    ({ candidate, baseline }) =>
      pairs.length * smallestPValue(candidate.summary.count, baseline.summary.count),
  )
  return Math.min(1, ...corrected)
}

function unmeasuredOf(samples: readonly StoredSample[]): Unmeasured[] {
  const groups = Map.groupBy(
    samples.filter(sample => sample.status !== 'ok'),
    sample => `${sample.scheme} ${sample.status} ${sample.reason}`,
  )
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (first === undefined) return []
    return [{ scheme: first.scheme, status: first.status, reason: first.reason, count: group.length }]
  })
}
