/** A figure at a moment. */
export type Point = { readonly atMinutes: number; readonly value: number }

export type Slope = {
  /** Theil and Sen: the median of the slopes of all pairs, which a few outliers do not move. */
  readonly perMinute: number
  /** The median distance of a point from the line, times 1.4826: the standard deviation of normal noise. */
  readonly noise: number
}

export function slopeOf(points: readonly Point[]): Slope {
  const slopes = points.flatMap((one, place) =>
    points
      .slice(place + 1)
      .map(other => (other.value - one.value) / (other.atMinutes - one.atMinutes))
      .filter(Number.isFinite),
  )
  const perMinute = medianOf(slopes)
  const level = medianOf(points.map(({ atMinutes, value }) => value - perMinute * atMinutes))
  const distances = points.map(({ atMinutes, value }) => Math.abs(value - perMinute * atMinutes - level))
  return { perMinute, noise: 1.4826 * medianOf(distances) }
}

/** Code that is compiled late, and what V8 learns of it: so much of a level is noise at least. */
const leastNoisePart = 0.005

/** Whether the line rises by more than the noise of a point explains, from its first point to its last. */
export function risesBeyondNoise(points: readonly Point[], { perMinute, noise }: Slope): boolean {
  const minutes = (points.at(-1)?.atMinutes ?? 0) - (points[0]?.atMinutes ?? 0)
  const level = medianOf(points.map(({ value }) => value))
  return perMinute * minutes > 3 * Math.max(noise, leastNoisePart * level)
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const [below = 0, above = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (below + above) / 2
}
