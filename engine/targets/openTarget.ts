import type { EngineOptions } from '../../contract/engine.ts'
import { type TargetId, type TargetKind, targetKind } from '../../contract/target.ts'
import type { Target } from './target.ts'

type TargetOpener = (id: TargetId, options: EngineOptions, signal: AbortSignal) => Promise<Target>

/** Every kind of target and what opens it. Only the code of the kind that is asked for is loaded. */
const openers: Record<TargetKind, () => Promise<TargetOpener>> = {
  local: async () => (await import('./local.ts')).openLocal,
  sim: async () => (await import('./simulated.ts')).openSimulated,
  adb: async () => (await import('./adb.ts')).openAdb,
}

/** @throws LabFailure `target-unavailable` where the target cannot be used now. */
export async function openTarget(id: TargetId, options: EngineOptions, signal: AbortSignal): Promise<Target> {
  const open = await openers[targetKind(id)]()
  return open(id, options, signal)
}
