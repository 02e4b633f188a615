import { type Cell, totalsOf } from './cells.ts'
import { type Comparison, comparePairs } from './statistics/comparePairs.ts'

export type CellPair = { readonly candidate: Cell; readonly baseline: Cell }

/**
 * Compares the totals of each pair, by candidate. The pairs are one family: the p-values are corrected for their
 * number. A pair with a total of 0 ns has no ratio and is left out.
 */
export function compareCells(pairs: readonly CellPair[]): Map<Cell, Comparison> {
  const comparable = pairs.filter(pair => isComparable(pair.candidate) && isComparable(pair.baseline))
  const results = comparePairs(
    comparable.map(pair => ({ candidate: totalsOf(pair.candidate), baseline: totalsOf(pair.baseline) })),
  )
  return new Map(
    comparable.flatMap(({ candidate }, index) => {
      const result = results[index]
      return result === undefined ? [] : [[candidate, result] as const]
    }),
  )
}

/** Whether a cell's times have ratios: none of them is 0. */
export function isComparable(cell: Cell): boolean {
  return totalsOf(cell).every(total => total > 0)
}
