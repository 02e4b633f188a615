import type { EngineOptions } from '../../contract/engine.ts'
import { toLabError } from '../../contract/error.ts'
import type { TargetSummary } from '../../contract/target.ts'
import { localAgent } from './local.ts'

export type OnTargets = (targets: TargetSummary[]) => void

export function localSummary(options: EngineOptions): TargetSummary {
  const local = { id: 'local', kind: 'local', title: 'This machine' } as const
  try {
    localAgent(options)
    return { ...local, state: 'ready', detail: '' }
  } catch (thrown) {
    const { message, hint } = toLabError(thrown)
    return { ...local, state: 'unavailable', detail: `${message}. ${hint}` }
  }
}

/** Tells every target there is, at once and at every change, until the signal is aborted. */
export async function watchTargets(
  options: EngineOptions,
  onTargets: OnTargets,
  _signal: AbortSignal,
): Promise<void> {
  onTargets([localSummary(options)])
}
