import { type ParameterId, type ParameterValues, parameterSpecs } from '../contract/profile.ts'
import { randomStream } from '../findings/statistics/randomStream.ts'
import type { Bounds } from './leastSquares.ts'
import { noiseFactor } from './simulation/machine/noise.ts'

export type ParameterSearch = {
  readonly start: ParameterValues
  readonly searched: readonly ParameterId[]
  readonly bounds?: Bounds
  readonly cost: (values: ParameterValues) => number
  readonly evaluations: number
}

const widestSpread = 0.5
const narrowestSpread = 0.002

/**
 * Lowers `cost` by random relative steps that are kept when they help; steps widen with success and narrow without
 * (a (1+1) evolution strategy). It needs no derivatives, so orders and worst cases can be part of the cost, and kinks
 * do not hold it. The same search takes the same steps.
 */
export function searchParameters(search: ParameterSearch): ParameterValues {
  const { start, cost, evaluations } = search
  const random = randomStream('parameter search')
  let best = start
  let bestCost = cost(best)
  let spread = 0.05
  for (let evaluation = 1; evaluation < evaluations; evaluation++) {
    const tried = step(best, search, random, spread)
    const triedCost = cost(tried)
    if (triedCost < bestCost) {
      best = tried
      bestCost = triedCost
      spread = Math.min(widestSpread, spread * 1.5)
    } else spread = Math.max(narrowestSpread, spread * 0.97)
  }
  return best
}

/** Every other step moves a fifth of the parameters, the rest move all. */
function step(
  values: ParameterValues,
  { searched, bounds = {} }: ParameterSearch,
  random: () => number,
  spread: number,
): ParameterValues {
  const share = random() < 0.5 ? 0.2 : 1
  const changed: Partial<Record<ParameterId, number>> = {}
  for (const id of searched) {
    if (random() >= share) continue
    const value = values[id] * noiseFactor(random, spread)
    const { atLeast, atMost } = parameterSpecs[id]
    const { min = atLeast, max = atMost } = bounds[id] ?? {}
    changed[id] = Math.min(max, Math.max(min, value))
  }
  return { ...values, ...changed }
}
