import type { EngineOptions } from '../../contract/engine.ts'
import { type TargetId, type TargetKind, targetKind } from '../../contract/target.ts'
import { openAdb } from './adb.ts'
import { openLocal } from './local.ts'
import { openSimulated } from './simulated.ts'
import type { Target } from './target.ts'

type TargetOpener = (id: TargetId, options: EngineOptions, signal: AbortSignal) => Promise<Target>

/** Every kind of target and what opens it. */
const openers: Record<TargetKind, TargetOpener> = {
  local: openLocal,
  sim: openSimulated,
  adb: openAdb,
}

/** @throws LabFailure `target-unavailable` where the target cannot be used now. */
export async function openTarget(id: TargetId, options: EngineOptions, signal: AbortSignal): Promise<Target> {
  return openers[targetKind(id)](id, options, signal)
}
