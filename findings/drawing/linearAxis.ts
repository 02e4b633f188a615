export type Domain = { readonly min: number; readonly max: number }

/** From zero to the next round number above the values. For a linear axis of durations. */
export function zeroDomain(values: readonly number[]): Domain {
  const max = Math.max(0, ...values)
  return { min: 0, max: max === 0 ? 1 : linearStepAbove(max) }
}

const linearSteps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/** The power of ten at or below a value. */
export function powerBelow(value: number): number {
  return 10 ** Math.floor(Math.log10(value))
}

function linearStepAbove(value: number): number {
  const power = powerBelow(value)
  const step = linearSteps.find(candidate => candidate * power >= value * (1 - 1e-9)) ?? 10
  return step * power
}

/** Ticks from 0 on, at most `most` of them, at round distances. */
export function linearTicks({ max }: Domain, most: number): number[] {
  const step = linearStepAbove(max / Math.max(1, most))
  return Array.from({ length: Math.floor((max / step) * (1 + 1e-9)) + 1 }, (_, index) => index * step)
}
