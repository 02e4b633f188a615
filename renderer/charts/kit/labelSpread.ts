/**
 * Moves labels apart along one axis until neighbours are `gap` pixels apart, keeping their order, inside [top, bottom].
 * Returns the new position for each input position.
 */
export function spreadLabels(
  positions: readonly number[],
  { gap, top, bottom }: { readonly gap: number; readonly top: number; readonly bottom: number },
): number[] {
  const ordered = positions.map((wanted, index) => ({ wanted, index })).sort((a, b) => a.wanted - b.wanted)
  const placed = new Array<number>(positions.length).fill(top)
  let next = top
  for (const { wanted, index } of ordered) {
    const at = Math.max(wanted, next)
    placed[index] = at
    next = at + gap
  }
  // What ran over the bottom is pushed back up, last one first.
  let limit = bottom
  for (const { index } of ordered.reverse()) {
    const at = Math.min(placed[index] ?? limit, limit)
    placed[index] = at
    limit = at - gap
  }
  return placed
}
