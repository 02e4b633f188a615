import type { RunSummary } from '../contract/run.ts'

type Counts = Pick<RunSummary, 'status' | 'samplesDone' | 'samplesPlanned' | 'samplesFailed'>

/** Whether something is left to measure: what an ended run does not have, and what failed in it. */
export function canResume({ status, samplesDone, samplesPlanned, samplesFailed }: Counts): boolean {
  if (status === 'running') return false
  return samplesFailed > 0 || (status !== 'finished' && samplesDone < samplesPlanned)
}
