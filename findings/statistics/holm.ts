/**
 * Holm's step-down adjustment: the smallest of the p-values is multiplied by their number, the next by one less, and so
 * on, never falling. Keeps the chance of any false difference among all comparisons below alpha (Holm 1979).
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const ascending = pValues.map((pValue, index) => ({ pValue, index })).sort((a, b) => a.pValue - b.pValue)
  const adjusted = new Array<number>(pValues.length).fill(1)
  let highest = 0
  for (const [rank, { pValue, index }] of ascending.entries()) {
    highest = Math.max(highest, Math.min(1, pValue * (pValues.length - rank)))
    adjusted[index] = highest
  }
  return adjusted
}
