import { useMemo } from 'react'
import type { Plan } from '../../contract/plan.ts'
import {
  type Ceiling,
  type Environment,
  type TargetId,
  type TargetSummary,
  targetKind,
} from '../../contract/target.ts'
import { type PlanNotes, planNotes } from '../../findings/planNotes.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import type { Probe } from '../lab/labState.ts'
import { useDraft } from './draftStore.ts'
import { type Inspection, useInspection } from './FileChoice.tsx'
import { type Estimate, estimateOf, readDraft, type TextField } from './planDraft.ts'
import { runnable } from './schemeChoices.ts'

export type PlanState = {
  /** One plan per target, in their order; empty while something is wrong. */
  readonly plans: readonly Plan[]
  readonly wrong: { readonly field: TextField | null; readonly message: string } | null
  readonly estimate: Estimate
  readonly inspection: Inspection
  /** Of each plan, in their order. */
  readonly notes: readonly PlanNotes[]
}

const nothing: Estimate = { samples: 0, bytes: 0 }

function refusedPlans(inspection: Inspection, field: TextField | null, message: string): PlanState {
  return { plans: [], wrong: { field, message }, estimate: nothing, inspection, notes: [] }
}

/** Of a machine that is measured: a simulated one has as much as the profile says. */
function environmentOf(probe: Probe | undefined): Environment | null {
  if (probe?.state !== 'known' || targetKind(probe.capabilities.target) === 'sim') return null
  return probe.capabilities.environment
}

/** Why the user's own file cannot be loaded as asked, or `null`. */
function fileProblemOf(inspection: Inspection, sizesBytes: readonly number[]): string | null {
  if (inspection.state === 'refused') return inspection.error.message
  if (inspection.state !== 'found') return null
  const largest = Math.max(0, ...sizesBytes)
  if (largest <= inspection.bytes) return null
  return `the file has ${sizeText(inspection.bytes)}, less than the chosen ${sizeText(largest)}`
}

/** Which target cannot measure now, and why, or `null`. One that is not listed is found out by asking it. */
export function targetProblemOf(
  targets: readonly TargetSummary[],
  chosen: readonly TargetId[],
): string | null {
  const away = targets.find(({ id, state }) => chosen.includes(id) && state !== 'ready')
  return away === undefined
    ? null
    : [`${away.title} is ${away.state}`, away.detail].filter(Boolean).join(': ')
}

/** What the draft means for each of its targets, as far as these are known. */
export function usePlans(
  targets: readonly TargetSummary[] | null,
  probes: ReadonlyMap<string, Probe>,
  ceilings: ReadonlyMap<string, Pick<Ceiling, 'bytesPerSecond'>>,
): PlanState {
  const draft = useDraft()
  const inspection = useInspection(draft.targets[0], draft.source === 'own' ? draft.path.trim() : '')
  return useMemo(() => {
    const targetProblem = targetProblemOf(targets ?? [], draft.targets)
    if (targetProblem !== null) return refusedPlans(inspection, null, targetProblem)
    const fileProblem = fileProblemOf(inspection, draft.sizesBytes)
    if (fileProblem !== null) return refusedPlans(inspection, 'path', fileProblem)
    const readings = draft.targets.map(target => {
      const probe = probes.get(target)
      const capabilities = probe?.state === 'known' ? probe.capabilities : null
      return readDraft(draft, target, runnable(draft.schemes, capabilities))
    })
    const refused = readings.find(reading => !reading.ok)
    if (refused !== undefined && !refused.ok)
      return refusedPlans(inspection, refused.field, refused.error.message)
    const plans = readings.flatMap(reading => (reading.ok ? [reading.plan] : []))
    const fileBytes = inspection.state === 'found' ? inspection.bytes : null
    const notes = plans.map(plan =>
      planNotes({
        plan,
        fileBytes,
        environment: environmentOf(probes.get(plan.target)),
        ceilingBytesPerSecond: ceilings.get(plan.target)?.bytesPerSecond ?? null,
      }),
    )
    const problem = notes.find(note => note.problem !== null)?.problem ?? null
    if (problem !== null) return refusedPlans(inspection, null, problem)
    const estimates = plans.map(plan => estimateOf(plan, fileBytes))
    const estimate = {
      samples: estimates.reduce((sum, one) => sum + one.samples, 0),
      bytes: estimates.reduce((sum, one) => sum + one.bytes, 0),
    }
    return { plans, wrong: null, estimate, inspection, notes }
  }, [draft, targets, probes, ceilings, inspection])
}
