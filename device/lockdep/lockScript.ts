import { fail } from '../../contract/error.ts'
import type { Annotation } from '../../locks/lockdep.ts'
import { pathsOf, type TakenStep } from '../../locks/paths.ts'
import { classOf, type Mode, type Scenario, stepText } from '../../locks/scenario.ts'

/** Whose annotation is played: one of the two, made by the module itself, or the one of the running kernel. */
export type PlayedAnnotation = Annotation | 'kernel'

/** A place in a scenario: a thread and what it does there. */
export type Place = { readonly thread: string; readonly step: string }

/** What the module plays, and the place of each of its steps. */
export type LockScript = { readonly text: string; readonly places: readonly Place[] }

/** lockdep keeps 48 held locks a task (MAX_LOCK_DEPTH), the section's and a fence's among them. */
const mostHeld = 45
/** What the module takes in one piece. */
const mostBytes = 256 * 1024
const readOf: Record<Mode, number> = { write: 0, read: 1, 'recursive-read': 2 }

/**
 * The lines of device/lockdep/lockdep_script.c. Every thread goes every way once, in the order of the file.
 * @throws LabFailure `bad-plan` for more than lockdep or the module holds.
 */
export function lockScript(scenario: Scenario, annotation: PlayedAnnotation): LockScript {
  const names = Object.keys(scenario.locks)
  const classes = [...new Set(names.map(name => classOf(scenario, name)))]
  const head = [
    `annotation ${annotation}`,
    ...classes.map(name => `class ${name}`),
    ...names.map(name => `instance ${classes.indexOf(classOf(scenario, name))}`),
  ]
  const steps = scenario.threads.flatMap(({ name, steps }) =>
    pathsOf(steps).flatMap(path => played(name, path)),
  )
  const lines = steps.map(({ words }) => words(names))
  const text = `${[...head, ...lines].join('\n')}\n`
  if (Buffer.byteLength(text) > mostBytes)
    fail('bad-plan', 'the scenario has too many steps to be played', 'Take steps or trylocks out of it.')
  return { text, places: steps.map(({ place }) => place) }
}

type PlayedStep = { readonly words: (locks: readonly string[]) => string; readonly place: Place }

function played(thread: string, path: readonly TakenStep[]): PlayedStep[] {
  const taken = path.flatMap(({ step, got }) => (got ? [step] : []))
  let held = 0
  for (const step of taken) {
    if (step.do === 'lock' || step.do === 'trylock') held += 1
    if (step.do === 'unlock') held -= 1
    if (held > mostHeld)
      fail(
        'bad-plan',
        `${thread} holds more than ${mostHeld} locks at once`,
        'lockdep keeps no more of a task.',
      )
  }
  const steps = taken.map(step => ({
    place: { thread, step: stepText(step) },
    words: (locks: readonly string[]) => {
      if (!('lock' in step)) return step.do
      const words = [step.do, locks.indexOf(step.lock)]
      return ('mode' in step ? [...words, readOf[step.mode]] : words).join(' ')
    },
  }))
  return [{ place: { thread, step: 'begins' }, words: () => 'thread' }, ...steps]
}
