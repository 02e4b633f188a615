import type { Setting } from '../../contract/plan.ts'
import type { RunDetail } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import { plainReadOf, type SchemeId, schemeOf } from '../../contract/schemes.ts'
import type { Environment } from '../../contract/target.ts'
import { type Answer, answerOf } from '../answer.ts'
import { ceilingShareOf, rateOf } from '../ceilingShare.ts'
import { type Cell, cellsOf, sizesOf } from '../cells.ts'
import { type CellPair, compareCells } from '../compareCells.ts'
import { markCounts } from '../markCounts.ts'
import type { Comparison } from '../statistics/comparePairs.ts'

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
  /** The name of the rows that the others are compared with. */
  readonly baseline: string | null
  readonly comparisons: number
  readonly sizes: readonly { readonly bytes: number; readonly rows: readonly ReportRow[] }[]
  readonly unmeasured: readonly Unmeasured[]
  readonly marks: ReturnType<typeof markCounts>
  /** What explains the marks; `null` where the target could not be probed. */
  readonly environment: Environment | null
  /** What a tuning tried, by the number of the setting. */
  readonly settings: readonly Setting[]
}

export function reportOf({ run, samples }: RunDetail): Report {
  const cells = cellsOf(samples)
  const first = cells.find(cell => cell.setting === 0)
  const scheme = baselineOf(run.plan.schemes)
  const tunes = run.plan.tuning !== null
  const pairs = tunes ? pairsWithFirst(first, cells) : pairsWith(scheme, cells)
  const comparisons = compareCells(pairs)
  const ceiling = run.ceiling?.bytesPerSecond ?? null
  const environment = run.capabilities?.environment ?? null
  const rowOf = (cell: Cell): ReportRow => ({
    cell,
    throughput: rateOf(cell),
    ofCeiling: ceilingShareOf(cell, ceiling),
    comparison: comparisons.get(cell) ?? null,
  })
  return {
    answer: answerOf({ plan: run.plan, ceilingBytesPerSecond: ceiling, samples, cells, environment }),
    simulated: samples.some(sample => sample.simulated),
    baseline: tunes ? (first === undefined ? null : cellName(first)) : scheme,
    comparisons: comparisons.size,
    sizes: sizesOf(cells).map(bytes => ({
      bytes,
      rows: cells.filter(cell => cell.bytes === bytes).map(rowOf),
    })),
    unmeasured: unmeasuredOf(samples),
    marks: markCounts(samples),
    environment,
    settings: run.plan.tuning ?? [],
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

/** A tuning's cells are told apart by the number of their setting. */
export function cellName({ scheme, setting }: Cell): string {
  return setting === null ? scheme : `${scheme} #${setting}`
}

/** Every setting of a tuning against the first. */
function pairsWithFirst(first: Cell | undefined, cells: readonly Cell[]): CellPair[] {
  if (first === undefined) return []
  return cells.filter(cell => cell !== first).map(candidate => ({ candidate, baseline: first }))
}

/** Every cell against the baseline of its size. */
function pairsWith(baseline: SchemeId | null, cells: readonly Cell[]): CellPair[] {
  const baselines = new Map(cells.filter(cell => cell.scheme === baseline).map(cell => [cell.bytes, cell]))
  return cells.flatMap(candidate => {
    const other = baselines.get(candidate.bytes)
    return other === undefined || other === candidate ? [] : [{ candidate, baseline: other }]
  })
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
