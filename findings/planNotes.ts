import type { Plan } from '../contract/plan.ts'
import { processorsProblem } from '../contract/processors.ts'
import { schemeOf } from '../contract/schemes.ts'
import { type Environment, targetKind } from '../contract/target.ts'
import { gathersIn } from './causes.ts'
import { repeatsNeeded } from './question.ts'
import { countText, sizeText, waitText } from './words/figureText.ts'

/** What is known of a plan and of where it is to run, before it is started. */
export type PlannedRun = {
  readonly plan: Plan
  /** Of the user's own file; `null` for a generated one. */
  readonly fileBytes: number | null
  /** `null` for a simulated target, and until the probe has answered. */
  readonly environment: Environment | null
  readonly ceilingBytesPerSecond: number | null
}

/** What a plan costs and can show, and why it cannot run, if so. */
export type PlanNotes = {
  readonly problem: string | null
  readonly costs: readonly string[]
  /** Whether the gathers leave anything to overlap, size by size. */
  readonly gathers: readonly string[]
  /** What these repeats cannot show; `null` where they can. */
  readonly repeats: string | null
}

export function planNotes(planned: PlannedRun): PlanNotes {
  return {
    problem: problemOf(planned),
    costs: costsOf(planned),
    gathers: gathersOf(planned),
    repeats: repeatsNote(planned.plan),
  }
}

function sizesOf({ plan, fileBytes }: PlannedRun): readonly number[] {
  if (plan.sizesBytes.length > 0) return plan.sizesBytes
  return fileBytes === null ? [] : [fileBytes]
}

/** Only what is certain is refused: memory may become free, a file may be there already. */
function problemOf(planned: PlannedRun): string | null {
  const { plan, environment } = planned
  const largest = Math.max(0, ...sizesOf(planned))
  if (environment !== null && largest > environment.memoryTotalBytes)
    return `a buffer of ${sizeText(largest)} does not fit into the ${sizeText(environment.memoryTotalBytes)} of memory`
  const simulated = targetKind(plan.target) === 'sim'
  return processorsProblem(plan, { simulated, processors: environment?.processors ?? null })
}

function costsOf(planned: PlannedRun): string[] {
  const { plan, environment, ceilingBytesPerSecond } = planned
  const sizes = sizesOf(planned)
  const largest = Math.max(0, ...sizes)
  const loads = plan.schemes.length * (plan.repeats + plan.warmups)
  const bytes = loads * sizes.reduce((sum, size) => sum + size, 0)
  const atLeast =
    ceilingBytesPerSecond === null ? [] : [`at least ${waitText((bytes / ceilingBytesPerSecond) * 1e9)}`]
  const memory = `${sizeText(largest)} of memory${beside(largest, environment?.memoryAvailableBytes)}`
  const disk = `${sizeText(largest)} on disk${beside(largest, environment?.freeBytes)}`
  return [...atLeast, memory, ...(plan.file === null ? [disk] : [])]
}

/** What there is, where it is less than what is needed. */
function beside(needed: number, free: number | undefined): string {
  return free === undefined || needed <= free ? '' : ` (${sizeText(free)} free now)`
}

function gathersOf(planned: PlannedRun): string[] {
  const { schemes } = planned.plan
  if (!schemes.some(scheme => schemeOf(scheme).overlap === 'gather')) return []
  return sizesOf(planned).map(bytes => {
    const gathers = gathersIn(bytes, planned.plan)
    const nothing = gathers === 1 ? ', nothing to overlap' : ''
    return `${sizeText(bytes)}: ${countText(gathers, 'gather')}${nothing}`
  })
}

function repeatsNote(plan: Plan): string | null {
  const needed = repeatsNeeded(plan)
  return plan.repeats < needed ? `${countText(plan.repeats, 'repeat')} cannot decide; ${needed} can` : null
}
