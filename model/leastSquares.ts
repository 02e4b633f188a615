import { levenbergMarquardt } from 'ml-levenberg-marquardt'
import { type ParameterId, type ParameterValues, parameterSpecs } from '../contract/profile.ts'

/** A time to be met, in ns; twice the `weight` counts as much as four such times. */
export type TimeTarget = { readonly ns: number; readonly weight: number }

/** How low and how high a parameter may get that is known from elsewhere. */
export type Bounds = Partial<Record<ParameterId, { readonly min: number; readonly max: number }>>

export type LeastSquaresProblem = {
  readonly start: ParameterValues
  /** What may be changed; never out of its range, nor by more than a factor of 50. */
  readonly fitted: readonly ParameterId[]
  readonly targets: readonly TimeTarget[]
  readonly bounds?: Bounds
  /** The simulated time of every target, in their order. */
  readonly simulate: (values: ParameterValues) => readonly number[]
  readonly maxIterations: number
}

/**
 * How strongly a parameter that the times say nothing about stays where it starts: its logarithm weighs as much as
 * a twentieth of a target.
 */
const tetherWeight = 0.05
const widestFactor = 50

/**
 * Fits parameters to times by Levenberg-Marquardt on logarithms, so that errors are relative and costs stay above
 * zero.
 */
export function fitLeastSquares(problem: LeastSquaresProblem): ParameterValues {
  const { start, targets, bounds = {} } = problem
  const fitted = problem.fitted.filter(id => start[id] > 0)
  const startLogs = fitted.map(id => Math.log(start[id]))
  const valuesOf = (logs: readonly number[]): ParameterValues => {
    const changed: Partial<Record<ParameterId, number>> = {}
    for (const [at, id] of fitted.entries()) changed[id] = Math.exp(logs[at] ?? 0)
    return { ...start, ...changed }
  }
  const model = (logs: number[]) => {
    const times = problem.simulate(valuesOf(logs))
    return (x: number) => {
      const target = targets[x]
      if (target !== undefined) return Math.log(times[x] ?? 1) * target.weight
      return (logs[x - targets.length] ?? 0) * tetherWeight
    }
  }
  const y = [
    ...targets.map(target => Math.log(target.ns) * target.weight),
    ...startLogs.map(log => log * tetherWeight),
  ]
  const { parameterValues } = levenbergMarquardt({ x: y.map((_, at) => at), y }, model, {
    initialValues: startLogs,
    minValues: fitted.map(id => Math.log(bounds[id]?.min ?? lowest(id, start[id]))),
    maxValues: fitted.map(id => Math.log(bounds[id]?.max ?? highest(id, start[id]))),
    gradientDifference: 0.02,
    damping: 0.01,
    maxIterations: problem.maxIterations,
    errorTolerance: 1e-9,
  })
  return valuesOf(parameterValues)
}

function lowest(id: ParameterId, value: number): number {
  return Math.max(parameterSpecs[id].atLeast, value / widestFactor)
}

function highest(id: ParameterId, value: number): number {
  return Math.min(parameterSpecs[id].atMost, value * widestFactor)
}
