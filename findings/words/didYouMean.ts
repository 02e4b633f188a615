/** Letters that may be wrong in a word of this length for it still to be taken for a slip. */
const slipsIn = (length: number) => Math.min(4, Math.max(1, Math.floor(length * 0.3)))

/** `Did you mean memfd-direct?` for the known word that is nearest, or empty where none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = known
    .filter(candidate => Math.abs(candidate.length - word.length) <= slipsIn(candidate.length))
    .map(candidate => ({ candidate, slips: slipsBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, slips }) => slips <= slipsIn(candidate.length))
    .sort((a, b) => a.slips - b.slips)
  return nearest === undefined ? '' : `Did you mean ${nearest.candidate}?`
}

/** Insertions, deletions, replacements and swaps of neighbours (Damerau-Levenshtein, optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let older: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (older[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    older = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
