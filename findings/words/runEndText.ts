import type { RunSummary } from '../../contract/run.ts'

/** How a run ended and what was kept. */
export function runEndText(run: RunSummary): string {
  const kept = `${run.samplesDone} of ${run.samplesPlanned} samples kept`
  const failed = run.samplesFailed > 0 ? `, ${run.samplesFailed} of them failed` : ''
  const reason = run.reason === '' || run.reason === run.status ? '' : ` ${run.reason}`
  return `Run ${run.id} ${run.status}: ${kept}${failed}.${reason}`
}
