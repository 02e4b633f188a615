import fc from 'fast-check'
import type { Mode, Scenario, Step } from '../../../locks/scenario.ts'

const locks = { a: {}, b: {}, c: {}, d: { class: 'c' } }
const lockNames = Object.keys(locks)
const modes: readonly Mode[] = ['write', 'read', 'recursive-read']

type Choice = { readonly what: number; readonly lock: string; readonly mode: Mode; readonly which: number }

const noChoice: Choice = { what: 9, lock: 'a', mode: 'write', which: 0 }

const choice: fc.Arbitrary<Choice> = fc.record({
  what: fc.nat(9),
  lock: fc.constantFrom(...lockNames),
  mode: fc.constantFrom(...modes),
  which: fc.nat(5),
})

/** Steps that release all they take, in any order; sections are closed last. */
function stepsOf(choices: readonly Choice[]): Step[] {
  const steps: Step[] = []
  const held: string[] = []
  let sections = 0
  const unlock = (which: number) => {
    const [lock] = held.splice(which % held.length, 1)
    if (lock !== undefined) steps.push({ do: 'unlock', lock })
  }
  for (let at = 0; at < choices.length; at += 1) {
    const { what, lock, mode, which } = choices[at] ?? noChoice
    // Mostly another lock than those that are held: else every other scenario ends with a recursive one.
    if (what <= 4 && held.includes(lock) && mode !== 'recursive-read' && which > 0) continue
    if (what <= 3) {
      steps.push({ do: 'lock', lock, mode })
      held.push(lock)
    } else if (what === 4) {
      const inside = choices.slice(at + 1, at + 1 + which)
      at += inside.length
      steps.push({
        do: 'trylock',
        lock,
        mode,
        got: [...stepsOf(inside), { do: 'unlock', lock }],
        refused: [],
      })
    } else if (what === 5 && held.length > 0) unlock(which)
    else if (what === 6) {
      steps.push({ do: 'begin-signalling' })
      sections += 1
    } else if (what === 7 && sections > 0) {
      steps.push({ do: 'end-signalling' })
      sections -= 1
    } else steps.push({ do: what === 8 ? 'wait' : 'signal', fence: 'job' })
  }
  while (held.length > 0) unlock(choices.length)
  for (; sections > 0; sections -= 1) steps.push({ do: 'end-signalling' })
  return steps
}

/** Locks in every mode, tried ones, sections and waits, in an order that nobody thought of. */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .array(fc.array(choice, { minLength: 2, maxLength: 9 }), { minLength: 2, maxLength: 3 })
  .map(threads => ({
    title: 'any',
    about: '',
    locks,
    fences: ['job'],
    threads: threads
      .map(choices => stepsOf(choices))
      .filter(steps => steps.length > 0)
      .map((steps, at) => ({ name: `thread ${at}`, steps })),
  }))
