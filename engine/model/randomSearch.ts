import { noiseFactor } from '../simulation/noise.ts'
import { randomStream } from '../stats/randomStream.ts'

/**
 * Lowers `cost` by random relative steps that are kept when they help; steps widen with success and narrow without
 * (a (1+1) evolution strategy). It needs no derivatives, so orders and worst cases can be part of the cost.
 * The same seed takes the same steps.
 */
export function randomSearch(
  start: readonly number[],
  cost: (values: readonly number[]) => number,
  options: { readonly evaluations: number; readonly seed: number },
): number[] {
  const random = randomStream(`search ${options.seed}`)
  let best = [...start]
  let bestCost = cost(best)
  let spread = 0.05
  for (let evaluation = 1; evaluation < options.evaluations; evaluation++) {
    const share = random() < 0.5 ? 0.2 : 1
    const tried = best.map(value => (random() < share ? value * noiseFactor(random, spread) : value))
    const triedCost = cost(tried)
    if (triedCost < bestCost) {
      best = tried
      bestCost = triedCost
      spread = Math.min(0.5, spread * 1.5)
    } else spread = Math.max(0.002, spread * 0.97)
  }
  return best
}
