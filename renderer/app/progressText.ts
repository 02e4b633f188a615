import type { RunSummary } from '../../contract/run.ts'

/** How far what runs is, in samples; empty where nothing runs. */
export function progressText(running: readonly RunSummary[]): string {
  if (running.length === 0) return ''
  const done = running.reduce((sum, run) => sum + run.samplesDone, 0)
  const planned = running.reduce((sum, run) => sum + run.samplesPlanned, 0)
  return `${done}/${planned}`
}
