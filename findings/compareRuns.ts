import type { CellSummary, ComparisonRow, Difference, RunComparison } from '../contract/comparison.ts'
import type { Run, RunDetail } from '../contract/run.ts'
import { targetKind } from '../contract/target.ts'
import { type Cell, cellsOf } from './cells.ts'
import { compareCells } from './compareCells.ts'
import { markCounts } from './markCounts.ts'
import type { Comparison } from './statistics/comparePairs.ts'
import { unmeasuredText } from './words/ceilingText.ts'
import { machineRows } from './words/environmentRows.ts'
import { rateText } from './words/figureText.ts'
import { optionRows } from './words/planRows.ts'
import { pairRows, type Row } from './words/rows.ts'

/** Two runs, scheme by scheme and size by size: `candidate` judged against `baseline` by Mann-Whitney U with Holm. */
export function compareRuns(baseline: RunDetail, candidate: RunDetail): RunComparison {
  const sides = pairedCells(comparedCells(baseline), comparedCells(candidate))
  const pairs = sides.flatMap(side =>
    side.baseline === null || side.candidate === null
      ? []
      : [{ baseline: side.baseline, candidate: side.candidate }],
  )
  const results = compareCells(pairs)
  return {
    baseline: baseline.run.id,
    candidate: candidate.run.id,
    rows: sides.map(side => rowOf(side, results)),
    comparisons: results.size,
    differences: differencesOf(baseline.run, candidate.run),
    warnings: warningsOf(baseline, candidate, pairs.length),
  }
}

/** Of a tuning its first setting, which is what a plain run uses. */
function comparedCells({ samples }: RunDetail): Cell[] {
  return cellsOf(samples).filter(({ setting }) => setting === null || setting === 0)
}

type Sides = { readonly baseline: Cell | null; readonly candidate: Cell | null }

/** Every cell of either run beside its twin, in the order of the baseline; what only the candidate has comes last. */
function pairedCells(baselines: readonly Cell[], candidates: readonly Cell[]): Sides[] {
  const keyOf = (cell: Cell) => `${cell.scheme}/${cell.bytes}`
  const candidateOf = new Map(candidates.map(cell => [keyOf(cell), cell]))
  const known = new Set(baselines.map(keyOf))
  return [
    ...baselines.map(baseline => ({ baseline, candidate: candidateOf.get(keyOf(baseline)) ?? null })),
    ...candidates.filter(cell => !known.has(keyOf(cell))).map(candidate => ({ baseline: null, candidate })),
  ]
}

function rowOf({ baseline, candidate }: Sides, results: ReadonlyMap<Cell, Comparison>): ComparisonRow {
  const cell = baseline ?? candidate
  if (cell === null) throw new RangeError('a row needs a cell of either run')
  const result = candidate === null ? undefined : results.get(candidate)
  return {
    scheme: cell.scheme,
    bytes: cell.bytes,
    baseline: baseline && summaryOf(baseline),
    candidate: candidate && summaryOf(candidate),
    ratio: result === undefined ? null : ratioOf(result),
  }
}

function summaryOf({ summary }: Cell): CellSummary {
  return {
    count: summary.count,
    medianNs: summary.median,
    lowNs: summary.low,
    highNs: summary.high,
    confidence: summary.confidence,
  }
}

function ratioOf({ comparisons: _, ...ratio }: Comparison): ComparisonRow['ratio'] {
  return ratio
}

function differencesOf(baseline: Run, candidate: Run): Difference[] {
  return pairRows(setupOf(baseline), setupOf(candidate)).flatMap(({ what, before, after }) =>
    before === null || after === null || before === after
      ? []
      : [{ what, baseline: before, candidate: after }],
  )
}

function setupOf(run: Run): Row[] {
  return [
    ['target', run.plan.target],
    ['lab', run.labVersion],
    ...(run.capabilities === null ? [] : machineRows(run.capabilities.environment)),
    ...optionRows(run.plan),
    ['ceiling', run.ceiling === null ? unmeasuredText : 'measured'],
  ]
}

function warningsOf(baseline: RunDetail, candidate: RunDetail, pairs: number): string[] {
  const runs = [baseline.run, candidate.run]
  const simulated = runs.filter(run => targetKind(run.plan.target) === 'sim')
  const warnings = [
    ...(simulated.length === 1 ? ['One run is simulated and the other measured.'] : []),
    ...(simulated.length === 2 ? ['Both runs are simulated.'] : []),
    ...ceilingWarnings(baseline.run, candidate.run),
    ...runs
      .filter(run => run.plan.tuning !== null)
      .map(run => `Run ${run.id} is a tuning: its first setting alone is compared.`),
    ...(pairs === 0 ? ['The runs have no scheme and size in common.'] : []),
    ...runs.filter(run => run.status !== 'finished').map(run => `Run ${run.id} is ${run.status}.`),
    ...runs
      .filter(run => run.capabilities === null)
      .map(run => `The target of run ${run.id} was not probed.`),
    ...[baseline, candidate].flatMap(markWarnings),
  ]
  // A run set against itself would say all of them twice.
  return [...new Set(warnings)]
}

/** Two ceilings are never equal; apart by more than this, the storage was not in the same state. */
const ceilingTolerance = 0.1

function ceilingWarnings({ ceiling: before }: Run, { ceiling: after }: Run): string[] {
  if (before === null || after === null) return []
  const change = after.bytesPerSecond / before.bytesPerSecond - 1
  if (Math.abs(change) <= ceilingTolerance) return []
  const rates = `${rateText(before.bytesPerSecond)} and ${rateText(after.bytesPerSecond)}`
  return [`The ceilings are apart: ${rates}.`]
}

function markWarnings({ run, samples }: RunDetail): string[] {
  return markCounts(samples).map(
    ({ mark, count }) => `Run ${run.id}: ${count} of its samples are marked "${mark}".`,
  )
}
