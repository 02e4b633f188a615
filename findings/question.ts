import { type Plan, type Question, questionOf } from '../contract/plan.ts'
import { schemeOf } from '../contract/schemes.ts'
import { gathersIn } from './causes.ts'
import { repeatsToDecide } from './statistics/mannWhitney.ts'
import { alpha } from './statistics/rankSum.ts'
import { countText, sizeText } from './words/figureText.ts'
import { questionText } from './words/planRows.ts'

type Asking = Pick<Plan, 'schemes' | 'sizesBytes' | 'question' | 'repeats' | 'gatherBytes' | 'tuning'>

/** What a plan asks of its run, in words. */
export function questionNote(plan: Asking): string {
  if (plan.tuning !== null) return `Tuning: ${plan.tuning.length} settings, each compared with the first.`
  const question = questionOf(plan)
  if (question !== null) return `Question: ${questionText(question)}`
  const count = plan.schemes.length
  return count < 2
    ? 'No question: one scheme.'
    : `No question: the fastest of ${count} is picked after looking.`
}

/** The fewest repeats with which an exact test can decide what the plan asks; 1 where it compares nothing. */
export function repeatsNeeded(plan: Asking): number {
  const comparisons = comparisonsOf(plan)
  return comparisons === 0 ? 1 : repeatsToDecide(alpha, comparisons)
}

/** A question is tested alone, a tuning sets all against the first, the fastest is picked from all pairs. */
function comparisonsOf(plan: Asking): number {
  if (plan.tuning !== null) return plan.tuning.length - 1
  const count = plan.schemes.length
  return questionOf(plan) === null ? (count * (count - 1)) / 2 : 1
}

/** What a person should know of a plan before it runs: what it is asked, and whether it can be answered. */
export function questionNotes(plan: Asking): string[] {
  const question = questionOf(plan)
  return [questionNote(plan), ...repeatNotes(plan), ...(question === null ? [] : gatherNotes(plan, question))]
}

function repeatNotes(plan: Asking): string[] {
  const needed = repeatsNeeded(plan)
  if (plan.repeats >= needed) return []
  const comparisons = comparisonsOf(plan)
  const corrected = comparisons === 1 ? '' : `, corrected for ${comparisons} comparisons,`
  return [
    `${countText(plan.repeats, 'repeat')} cannot decide it: an exact test${corrected} needs ${needed} of each. The estimate and its interval are shown all the same.`,
  ]
}

function gatherNotes(plan: Asking, { candidate, bytes }: Question): string[] {
  if (bytes === null || schemeOf(candidate).overlap !== 'gather' || gathersIn(bytes, plan) > 1) return []
  return [`One gather covers ${sizeText(bytes)}: ${candidate} has nothing to overlap there.`]
}
