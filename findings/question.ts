import { type Plan, type Question, questionOf } from '../contract/plan.ts'
import { schemeOf } from '../contract/schemes.ts'
import { gathersIn } from './causes.ts'
import { repeatsToDecide } from './statistics/mannWhitney.ts'
import { alpha } from './statistics/rankSum.ts'
import { countText, sizeText } from './words/figureText.ts'
import { questionText } from './words/planRows.ts'

type Asking = Pick<Plan, 'schemes' | 'sizesBytes' | 'question' | 'repeats' | 'gatherBytes' | 'tuning'>

/**
 * What a person should know of a plan before it runs: what it is asked, whether its repeats can decide that, and whether
 * there is anything to overlap.
 */
export function questionNotes(plan: Asking): string[] {
  if (plan.tuning !== null) {
    const others = plan.tuning.length - 1
    return [
      `Tuning: ${plan.tuning.length} settings, each compared with the first.`,
      ...repeatNotes(plan, others),
    ]
  }
  const question = questionOf(plan)
  if (question === null) return pickingNotes(plan)
  return [`Question: ${questionText(question)}`, ...repeatNotes(plan, 1), ...gatherNotes(plan, question)]
}

/** The fastest of several can be told only against all pairs that it is picked from. */
function pickingNotes(plan: Asking): string[] {
  const count = plan.schemes.length
  if (count < 2) return []
  const pairs = (count * (count - 1)) / 2
  return [`No question: the fastest of ${count} is picked after looking.`, ...repeatNotes(plan, pairs)]
}

function repeatNotes({ repeats }: Asking, comparisons: number): string[] {
  const needed = repeatsToDecide(alpha, comparisons)
  if (repeats >= needed) return []
  const corrected = comparisons === 1 ? '' : `, corrected for ${comparisons} comparisons`
  return [
    `${countText(repeats, 'repeat')} cannot decide it: an exact test${corrected} needs ${needed} of each. The estimate and its interval are shown all the same.`,
  ]
}

function gatherNotes(plan: Asking, { candidate, bytes }: Question): string[] {
  if (bytes === null || schemeOf(candidate).overlap !== 'gather' || gathersIn(bytes, plan) > 1) return []
  return [`One gather covers ${sizeText(bytes)}: ${candidate} has nothing to overlap there.`]
}
