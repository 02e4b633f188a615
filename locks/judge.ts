import { type Exploration, exploring } from './interleavings.ts'
import { type Annotation, annotations, type Lockdep, lockdepOf } from './lockdep.ts'
import { checkBalance } from './paths.ts'
import type { Scenario } from './scenario.ts'

/** What lockdep's answer is worth: it reports what can happen, what cannot, nothing, or misses what can. */
export type Verdict = 'true report' | 'false report' | 'no report, no deadlock' | 'missed deadlock'

export type Judgement = Lockdep & { readonly annotation: Annotation; readonly verdict: Verdict }

export type Judged = Exploration & { readonly judgements: readonly Judgement[] }

/**
 * What lockdep would say of a scenario under each annotation, beside whether it can deadlock at all.
 * @throws LabFailure `bad-plan` for a scenario that leaves a lock held or has too many states.
 */
export function judge(scenario: Scenario, wanted: readonly Annotation[] = annotations): Judged {
  const work = judging(scenario, wanted)
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** {@link judge} in pieces of some milliseconds; yields how many states are known so far. */
export function* judging(
  scenario: Scenario,
  wanted: readonly Annotation[] = annotations,
): Generator<number, Judged> {
  checkBalance(scenario)
  const exploration = yield* exploring(scenario)
  const judgements = wanted.map(annotation => {
    const lockdep = lockdepOf(scenario, annotation)
    return {
      ...lockdep,
      annotation,
      verdict: verdictOf(lockdep.report !== null, exploration.deadlock !== null),
    }
  })
  return { ...exploration, judgements }
}

function verdictOf(reported: boolean, deadlocks: boolean): Verdict {
  if (reported) return deadlocks ? 'true report' : 'false report'
  return deadlocks ? 'missed deadlock' : 'no report, no deadlock'
}
