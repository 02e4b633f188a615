/** Leaves out points that would fall on a pixel which another point has taken already. Order is kept. */
export function thinToPixels<P>(
  points: readonly P[],
  pixelOf: (point: P) => { readonly x: number; readonly y: number },
): P[] {
  const taken = new Set<string>()
  return points.filter(point => {
    const { x, y } = pixelOf(point)
    const pixel = `${Math.round(x)}/${Math.round(y)}`
    if (taken.has(pixel)) return false
    taken.add(pixel)
    return true
  })
}
