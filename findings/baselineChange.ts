import type { BaselineChange, RunAnswer } from '../contract/ledger.ts'
import type { DigestCell } from './runDigest.ts'
import { comparePairs, correctedVerdict } from './statistics/comparePairs.ts'

type Run = { readonly answer: RunAnswer | null; readonly cells: readonly DigestCell[] }

/**
 * A run against its device's baseline, cell by cell. `ratio` is of the run's fastest cell, its interval for that cell
 * alone; what is counted as slower or faster is so by a test that is corrected for all cells, so that of twenty runs in
 * which nothing changed one is flagged at most. `null` where the two have no cell in common.
 */
export function baselineChange(
  run: Run,
  baseline: { readonly id: number; readonly cells: readonly DigestCell[] },
): BaselineChange | null {
  const pairs = run.cells.flatMap(cell => {
    const other = baseline.cells.find(each => each.scheme === cell.scheme && each.bytes === cell.bytes)
    return other !== undefined && isTimed(cell) && isTimed(other) ? [{ cell, other }] : []
  })
  const results = comparePairs(
    pairs.map(({ cell, other }) => ({ candidate: cell.totals, baseline: other.totals })),
  )
  const lead = leadPlace(
    pairs.map(pair => pair.cell),
    run.answer,
  )
  const [cell, result] = [pairs[lead]?.cell, results[lead]]
  if (cell === undefined || result === undefined) return null
  const { ratio, low, high, confidence } = result
  const verdicts = results.map(correctedVerdict)
  return {
    baseline: baseline.id,
    scheme: cell.scheme,
    bytes: cell.bytes,
    ratio,
    low,
    high,
    confidence,
    cells: pairs.length,
    slower: verdicts.filter(verdict => verdict === 'slower').length,
    faster: verdicts.filter(verdict => verdict === 'faster').length,
  }
}

function isTimed({ totals }: DigestCell): boolean {
  return totals.length > 0 && totals.every(total => Number.isFinite(total) && total > 0)
}

/** The fastest cell of the run, else the quickest of the largest size. */
function leadPlace(cells: readonly DigestCell[], answer: RunAnswer | null): number {
  const fastest = cells.findIndex(
    cell => answer !== null && cell.scheme === answer.fastest && cell.bytes === answer.bytes,
  )
  if (fastest >= 0) return fastest
  const largest = Math.max(...cells.map(cell => cell.bytes))
  const [quickest] = cells
    .map((cell, place) => ({ cell, place }))
    .filter(({ cell }) => cell.bytes === largest)
    .sort((a, b) => a.cell.medianNs - b.cell.medianNs)
  return quickest?.place ?? -1
}
