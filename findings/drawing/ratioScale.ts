import type { Domain } from './linearAxis.ts'

/** How far from 1, on either side, an axis of ratios can reach. */
const extents = [1.05, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000, 10_000]
const leastExtent = 1.1
const mostTicks = 4

export type RatioScale = { readonly domain: Domain; readonly ticks: readonly number[] }

/** An axis around 1 that holds all ratios, as far to the left as to the right: on a log axis 1/2 and 2 mirror. */
export function ratioScale(ratios: readonly number[]): RatioScale {
  const farthest = Math.max(leastExtent, ...ratios.map(ratio => Math.max(ratio, 1 / ratio)))
  const extent = extents.find(candidate => candidate >= farthest) ?? farthest
  const ticks = extents.filter(candidate => candidate <= extent).slice(-mostTicks)
  return {
    domain: { min: 1 / extent, max: extent },
    ticks: [...ticks.toReversed().map(tick => 1 / tick), 1, ...ticks],
  }
}
