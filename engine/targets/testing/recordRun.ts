import { type EngineEvent, engineEventSchema } from '../../../contract/engine.ts'
import { type PlanInput, planSchema } from '../../../contract/plan.ts'
import { runBench } from '../../run/runPlan.ts'
import type { Target } from '../target.ts'

export type Recording = {
  readonly doneKeys?: readonly string[]
  readonly signal?: AbortSignal
  readonly onEvent?: (event: EngineEvent) => void
}

/** Runs a plan on the target to its end, and gives what it told, its end or its failure. */
export async function recordRun(
  target: Target,
  plan: Omit<PlanInput, 'target'>,
  { doneKeys = [], signal = new AbortController().signal, onEvent = () => {} }: Recording = {},
) {
  const events: EngineEvent[] = []
  const report = (event: EngineEvent) => {
    events.push(engineEventSchema.parse(event))
    onEvent(event)
  }
  const request = { plan: planSchema.parse({ target: target.id, ...plan }), doneKeys: new Set(doneKeys) }
  const ended = await runBench(target, request, report, signal).catch((thrown: unknown) => thrown)
  const samples = events.flatMap(event => (event.type === 'sample' ? [event.sample] : []))
  return { ended, samples, events }
}
