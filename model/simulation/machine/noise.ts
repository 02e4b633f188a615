/** How far one load is off the profile: factors on every CPU cost and on every storage time. */
export type Noise = { readonly cpu: number; readonly storage: number }
export const noNoise: Noise = { cpu: 1, storage: 1 }

/** A factor with mean 1 and the given relative spread, log-normal: always above zero (Box-Muller). */
export function noiseFactor(random: () => number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  const normal = radius * Math.cos(2 * Math.PI * random())
  return Math.exp(spread * normal - (spread * spread) / 2)
}
