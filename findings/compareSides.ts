import type { CellSummary, SidesComparison, SidesRow } from '../contract/comparison.ts'
import type { Run, RunDetail } from '../contract/run.ts'
import type { StoredSample } from '../contract/sample.ts'
import { type SchemeId, schemeIds } from '../contract/schemes.ts'
import { targetKind } from '../contract/target.ts'
import { type Cell, cellsOf, totalsOf } from './cells.ts'
import { isComparable } from './compareCells.ts'
import { markCounts } from './markCounts.ts'
import { comparePairs } from './statistics/comparePairs.ts'
import { unmeasuredText } from './words/ceilingText.ts'
import { machineRows } from './words/environmentRows.ts'
import { rateText } from './words/figureText.ts'
import { pathCause } from './words/pathCause.ts'
import { optionRows } from './words/planRows.ts'
import { pairRows, type Row } from './words/rows.ts'

/** A run, or one scheme of it, that stands beside others. */
export type ComparedSide = {
  readonly detail: RunDetail
  readonly scheme: SchemeId | null
  readonly device: string
}

/** Told after each pair that was tested; what it throws ends the work. */
export type TellProgress = (done: number, total: number) => void

/**
 * Each side judged against the first, cell by cell, by Mann-Whitney U; the p-values are corrected for all pairs (Holm).
 * Where every side names a scheme, these are set beside each other size by size. Rows that every side has come first.
 */
export function compareSides(
  sides: readonly ComparedSide[],
  tellProgress: TellProgress = () => {},
): SidesComparison {
  const bySize = sides.every(side => side.scheme !== null)
  const rows = rowsOf(sides, bySize)
  const results = testedPairs(rows, tellProgress)
  return {
    sides: sides.map(side => ({
      runId: side.detail.run.id,
      scheme: side.scheme,
      title: titleOf(side, sides),
      device: side.device,
      simulated: isSimulated(side.detail.run),
    })),
    rows: rows.map(row => ({
      scheme: bySize ? null : row.scheme,
      bytes: row.bytes,
      cells: row.cells.map(cell => cell && cellSummaryOf(cell)),
      ratios: row.cells.map((_, place) => results.get(row)?.[place] ?? null),
    })),
    comparisons: [...results.values()].flat().filter(ratio => ratio !== null).length,
    differences: differencesOf(sides.map(side => side.detail.run)),
    warnings: warningsOf(sides, rows),
  }
}

type CellRow = {
  readonly scheme: SchemeId
  readonly bytes: number
  readonly cells: ReadonlyArray<Cell | null>
}

/** Of a tuning its first setting, which is what a plain run uses. */
function cellsOfSide({ detail, scheme }: ComparedSide): Cell[] {
  return cellsOf(detail.samples).filter(
    cell => (cell.setting === null || cell.setting === 0) && (scheme === null || cell.scheme === scheme),
  )
}

function rowsOf(sides: readonly ComparedSide[], bySize: boolean): CellRow[] {
  const rows = new Map<string, { scheme: SchemeId; bytes: number; cells: Array<Cell | null> }>()
  sides.forEach((side, place) => {
    for (const cell of cellsOfSide(side)) {
      const key = bySize ? String(cell.bytes) : `${cell.scheme}/${cell.bytes}`
      const row = rows.get(key) ?? { scheme: cell.scheme, bytes: cell.bytes, cells: sides.map(() => null) }
      row.cells[place] = cell
      rows.set(key, row)
    }
  })
  const lacking = ({ cells }: CellRow) => Number(cells.includes(null))
  return [...rows.values()].sort(
    (a, b) =>
      lacking(a) - lacking(b) ||
      (bySize ? 0 : schemeIds.indexOf(a.scheme) - schemeIds.indexOf(b.scheme)) ||
      a.bytes - b.bytes,
  )
}

type Ratios = SidesRow['ratios']

/** One pair after the other, so that the work can be told of and ended; then all of them corrected together. */
function testedPairs(rows: readonly CellRow[], tellProgress: TellProgress): Map<CellRow, Ratios> {
  const pairs = rows.flatMap(row => {
    const [baseline, ...candidates] = row.cells
    if (baseline === null || baseline === undefined || !isComparable(baseline)) return []
    return candidates.flatMap((candidate, place) =>
      candidate !== null && isComparable(candidate) ? [{ row, baseline, candidate, place: place + 1 }] : [],
    )
  })
  const tested = comparePairs(
    pairs.map(pair => ({ candidate: totalsOf(pair.candidate), baseline: totalsOf(pair.baseline) })),
    tellProgress,
  )
  const results = new Map<CellRow, Ratios>()
  tested.forEach(({ comparisons: _, ...ratio }, index) => {
    const pair = pairs[index]
    if (pair === undefined) return
    const ratios = results.get(pair.row) ?? pair.row.cells.map(() => null)
    ratios[pair.place] = ratio
    results.set(pair.row, ratios)
  })
  return results
}

export function cellSummaryOf({ summary }: Cell): CellSummary {
  return {
    count: summary.count,
    medianNs: summary.median,
    lowNs: summary.low,
    highNs: summary.high,
    confidence: summary.confidence,
  }
}

/** What tells a side from the others: its scheme within one run, else its number, and both where both differ. */
function titleOf({ detail, scheme }: ComparedSide, sides: readonly ComparedSide[]): string {
  const run = `run ${detail.run.id}`
  if (scheme === null) return run
  return sides.every(side => side.detail.run.id === detail.run.id) ? scheme : `${run}, ${scheme}`
}

function differencesOf(runs: readonly Run[]): SidesComparison['differences'] {
  const [first, ...others] = runs.map(setupOf)
  if (first === undefined) return []
  const found = new Map<string, string[]>()
  others.forEach((setup, index) => {
    for (const { what, before, after } of pairRows(first, setup)) {
      if (before === null || after === null) continue
      const values = found.get(what) ?? runs.map(() => before)
      values[index + 1] = after
      found.set(what, values)
    }
  })
  return [...found]
    .filter(([, values]) => new Set(values).size > 1)
    .map(([what, values]) => ({ what, values }))
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

function isSimulated(run: Run): boolean {
  return targetKind(run.plan.target) === 'sim'
}

function warningsOf(sides: readonly ComparedSide[], rows: readonly CellRow[]): string[] {
  const details = [...new Map(sides.map(({ detail }) => [detail.run.id, detail])).values()]
  const runs = details.map(({ run }) => run)
  return [
    ...simulatedWarnings(runs),
    ...ceilingWarnings(runs),
    ...runs
      .filter(run => run.plan.tuning !== null)
      .map(run => `Run ${run.id} is a tuning: its first setting alone is compared.`),
    ...(rows.some(({ cells }) => cells[0] !== null && cells.slice(1).some(cell => cell !== null))
      ? []
      : [nothingInCommon(sides.length)]),
    ...runs.filter(run => run.status !== 'finished').map(run => `Run ${run.id} is ${run.status}.`),
    ...runs
      .filter(run => run.capabilities === null)
      .map(run => `The target of run ${run.id} was not probed.`),
    ...details.flatMap(({ run, samples }) => markWarnings(run, countedSamples(sides, run.id, samples))),
  ]
}

function nothingInCommon(sides: number): string {
  return sides === 2
    ? 'The runs have no scheme and size in common.'
    : 'None of them has a scheme and size in common with the first.'
}

function simulatedWarnings(runs: readonly Run[]): string[] {
  const simulated = runs.filter(isSimulated)
  if (simulated.length === 0) return []
  if (simulated.length < runs.length) {
    return runs.length === 2
      ? ['One run is simulated and the other measured.']
      : [`Simulated, beside measured ones: ${simulated.map(run => `run ${run.id}`).join(', ')}.`]
  }
  if (runs.length === 1) return ['The run is simulated.']
  return [runs.length === 2 ? 'Both runs are simulated.' : 'All of the runs are simulated.']
}

/** Two ceilings are never equal; apart by more than this, the storage was not in the same state. */
const ceilingTolerance = 0.1

function ceilingWarnings(runs: readonly Run[]): string[] {
  const rates = runs.flatMap(({ ceiling }) => (ceiling === null ? [] : [ceiling.bytesPerSecond]))
  if (rates.length < 2 || Math.max(...rates) <= Math.min(...rates) * (1 + ceilingTolerance)) return []
  return [`The ceilings are apart: ${rates.map(rateText).join(rates.length === 2 ? ' and ' : ', ')}.`]
}

/** Of a run of which schemes are compared, the samples of these. */
function countedSamples(
  sides: readonly ComparedSide[],
  runId: number,
  samples: readonly StoredSample[],
): StoredSample[] {
  const own = sides.filter(({ detail }) => detail.run.id === runId).map(({ scheme }) => scheme)
  return samples.filter(sample => own.includes(null) || own.includes(sample.scheme))
}

function markWarnings({ id, capabilities }: Run, samples: readonly StoredSample[]): string[] {
  return markCounts(samples).map(({ mark, count }) => {
    const cause = pathCause(mark, capabilities?.environment ?? null)
    return `Run ${id}: ${count} of its samples are marked "${mark}"${cause === null ? '' : `: ${cause}`}.`
  })
}
