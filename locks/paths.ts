import { fail } from '../contract/error.ts'
import { type Scenario, type Step, stepText } from './scenario.ts'

/** One step of a thread on one way through it; a trylock has been decided. */
export type TakenStep = { readonly step: Step; readonly got: boolean }

const mostPaths = 256

/** Every way through a thread's steps. @throws LabFailure `bad-plan` where trylocks make too many. */
export function pathsOf(steps: readonly Step[]): TakenStep[][] {
  return steps.reduce<TakenStep[][]>(
    (paths, step) => {
      const longer = branchesOf(step).flatMap(branch => paths.map(path => [...path, ...branch]))
      if (longer.length > mostPaths) {
        fail(
          'bad-plan',
          `a thread has more than ${mostPaths} ways through its trylocks`,
          'Split the scenario.',
        )
      }
      return longer
    },
    [[]],
  )
}

function branchesOf(step: Step): TakenStep[][] {
  if (step.do !== 'trylock') return [[{ step, got: true }]]
  const got = pathsOf(step.got).map(path => [{ step, got: true }, ...path])
  const refused = pathsOf(step.refused).map(path => [{ step, got: false }, ...path])
  return [...got, ...refused]
}

/**
 * Every way through every thread must release what it took.
 * @throws LabFailure `bad-plan` that names the thread and the step.
 */
export function checkBalance({ threads }: Scenario): void {
  for (const { name, steps } of threads) {
    for (const path of pathsOf(steps)) {
      const problem = imbalance(path)
      if (problem !== null)
        fail('bad-plan', `${name} ${problem}`, 'Every way through a thread releases what it took.')
    }
  }
}

function imbalance(path: readonly TakenStep[]): string | null {
  const held: string[] = []
  let signalling = 0
  for (const { step, got } of path) {
    if (step.do === 'lock' || (step.do === 'trylock' && got)) held.push(step.lock)
    if (step.do === 'begin-signalling') signalling += 1
    if (step.do === 'end-signalling' && --signalling < 0)
      return 'ends a signalling section that it has not begun'
    if (step.do === 'unlock') {
      const at = held.lastIndexOf(step.lock)
      if (at < 0) return `does ${stepText(step)} without holding it`
      held.splice(at, 1)
    }
  }
  if (held.length > 0) return `ends with ${held.join(', ')} held`
  return signalling > 0 ? 'ends inside a signalling section' : null
}
