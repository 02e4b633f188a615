import { type Domain, powerBelow } from '../../../findings/drawing/linearAxis.ts'

export type { Domain } from '../../../findings/drawing/linearAxis.ts'

/** The smallest domain that holds both: an axis that has shown a range never gives it up while samples stream in. */
export function grown(previous: Domain | null, next: Domain | null): Domain | null {
  if (previous === null || next === null) return previous ?? next
  if (previous.min <= next.min && previous.max >= next.max) return previous
  return { min: Math.min(previous.min, next.min), max: Math.max(previous.max, next.max) }
}

/**
 * The values' range, widened to the next 1, 2 or 5 times a power of ten on both sides, for a log axis. `null` without a
 * value: an axis must not grow from a range that nothing had.
 */
export function logDomain(values: readonly number[]): Domain | null {
  const positive = values.filter(value => value > 0)
  if (positive.length === 0) return null
  const min = stepBelow(Math.min(...positive))
  const max = stepAbove(Math.max(...positive))
  return min < max ? { min, max } : { min: min / 2, max: max * 2 }
}

/** Ticks at 1, 2 and 5 times powers of ten, or at powers of ten alone where those are many. */
export function logTicks({ min, max }: Domain): number[] {
  const decades = Math.log10(max / min)
  const steps = decades > 4 ? [1] : decades > 2.5 ? [1, 3] : [1, 2, 5]
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += 1) {
    ticks.push(...steps.map(step => step * 10 ** power))
  }
  return ticks.filter(tick => tick >= min * 0.999 && tick <= max * 1.001)
}

const steps = [1, 2, 5, 10]

function stepBelow(value: number): number {
  const power = powerBelow(value)
  const step = steps.findLast(candidate => candidate * power <= value * (1 + 1e-9)) ?? 1
  return step * power
}

function stepAbove(value: number): number {
  const power = powerBelow(value)
  const step = steps.find(candidate => candidate * power >= value * (1 - 1e-9)) ?? 10
  return step * power
}
