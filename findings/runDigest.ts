import type { CellSummary } from '../contract/comparison.ts'
import type { RunAnswer, SizeCost } from '../contract/ledger.ts'
import type { RunDetail } from '../contract/run.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { GiB } from '../contract/size.ts'
import { leadOf } from './answer.ts'
import { isFromMemory, isImpossible } from './cautions.ts'
import { ceilingShareOf } from './ceilingShare.ts'
import { type Cell, cellsOf, sizesOf, totalsOf } from './cells.ts'
import { cellSummaryOf } from './compareSides.ts'

/** A digest of other rules is worked out anew: raise it with every change of what an answer says. */
export const digestVersion = 1

/** A cell with its totals in ns: all that a comparison needs of it. */
export type DigestCell = CellSummary & {
  readonly scheme: SchemeId
  readonly bytes: number
  readonly totals: readonly number[]
}

/** What a ledger needs of a run, so that it never reads samples. */
export type RunDigest = { readonly answer: RunAnswer | null; readonly cells: readonly DigestCell[] }

export function runDigest({ run, samples }: RunDetail): RunDigest {
  // Of a tuning its first setting, which is what a plain run uses.
  const cells = cellsOf(samples).filter(({ setting }) => setting === null || setting === 0)
  const ceilingBytesPerSecond = run.ceiling?.bytesPerSecond ?? null
  const lead = leadOf({ plan: run.plan, ceilingBytesPerSecond, samples, cells })
  const fastest = fastestOf(cells, sizesOf(cells).at(-1) ?? 0)
  return {
    answer: fastest && {
      fastest: fastest.scheme,
      bytes: fastest.bytes,
      medianNs: fastest.summary.median,
      ofCeiling: isFromMemory(fastest) ? null : ceilingShareOf(fastest, ceilingBytesPerSecond),
      saved: lead && {
        candidate: lead.candidate.scheme,
        baseline: lead.baseline.scheme,
        bytes: lead.candidate.bytes,
        ratio: lead.comparison.ratio,
        low: lead.comparison.low,
        high: lead.comparison.high,
        confidence: lead.comparison.confidence,
        shown: lead.shown,
      },
    },
    cells: cells.map(cell => ({
      scheme: cell.scheme,
      bytes: cell.bytes,
      ...cellSummaryOf(cell),
      totals: totalsOf(cell),
    })),
  }
}

/** A time that cannot be is no fastest. */
function fastestOf(cells: readonly Cell[], bytes: number): Cell | null {
  return cells
    .filter(cell => cell.bytes === bytes && !cell.samples.some(isImpossible))
    .reduce<Cell | null>(
      (best, cell) => (best === null || cell.summary.median < best.summary.median ? cell : best),
      null,
    )
}

type Timed = Pick<DigestCell, 'scheme' | 'bytes' | 'medianNs'>

/** What the fastest scheme of each size takes for a GiB, by size. */
export function sizeCosts(cells: readonly Timed[]): SizeCost[] {
  const fastest = new Map<number, Timed>()
  for (const cell of cells) {
    const best = fastest.get(cell.bytes)
    if (best === undefined || cell.medianNs < best.medianNs) fastest.set(cell.bytes, cell)
  }
  return [...fastest.values()]
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => a.bytes - b.bytes)
    .map(({ bytes, scheme, medianNs }) => ({ bytes, scheme, nsPerGiB: medianNs * (GiB / bytes) }))
}
