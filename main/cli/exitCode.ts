import type { ErrorKind } from '../../contract/error.ts'
import type { RunSummary } from '../../contract/run.ts'
import type { StoredSample } from '../../contract/sample.ts'
import type { RunEnding } from '../lab/activeRun.ts'

/** What the terminal shell's exit codes mean. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, targetUnavailable: 3, interrupted: 130 } as const

const usageKinds: readonly ErrorKind[] = ['bad-input', 'bad-plan', 'bad-file', 'bad-profile', 'not-found']
const targetKinds: readonly ErrorKind[] = ['target-unavailable', 'target-lost']

export function exitCodeOf(kind: ErrorKind): number {
  if (usageKinds.includes(kind)) return exitCodes.usage
  if (targetKinds.includes(kind)) return exitCodes.targetUnavailable
  return kind === 'cancelled' ? exitCodes.interrupted : exitCodes.failed
}

/** A plan that does not fit is refused before its first load; later, these are failures of a load. */
const tooLargeKinds: readonly ErrorKind[] = ['no-memory', 'no-space']

/** A run in which nothing could be measured did not succeed, even if nothing failed. */
export function exitCodeOfRun({ summary, error }: RunEnding, samples: readonly StoredSample[]): number {
  if (summary.status === 'cancelled') return exitCodes.interrupted
  if (error !== null && samples.length === 0 && tooLargeKinds.includes(error.kind)) return exitCodes.usage
  if (error !== null) return exitCodeOf(error.kind)
  return isGood(summary, samples) ? exitCodes.ok : exitCodes.failed
}

function isGood({ status, samplesFailed }: RunSummary, samples: readonly StoredSample[]): boolean {
  return status === 'finished' && samplesFailed === 0 && samples.some(sample => sample.status === 'ok')
}
