import type { RunSummary } from '../contract/run.ts'

type Counts = Pick<RunSummary, 'status' | 'damaged' | 'samplesDone' | 'samplesPlanned' | 'samplesFailed'>

/** Whether something is left to measure: what an ended run does not have, and what failed in it. Nobody knows of a damaged one. */
export function canResume({ status, damaged, samplesDone, samplesPlanned, samplesFailed }: Counts): boolean {
  if (status === 'running' || damaged) return false
  return samplesFailed > 0 || (status !== 'finished' && samplesDone < samplesPlanned)
}
