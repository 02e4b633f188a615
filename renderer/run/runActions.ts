import { tell, valueOrTell } from '../base/notices.ts'
import { goTo } from '../base/useRoute.ts'
import { lab } from '../lab/lab.ts'
import { showRuns } from './shownRuns.ts'

export async function deleteRun(runId: number): Promise<boolean> {
  const deleted = await valueOrTell(lab.runs.delete({ runId }))
  if (deleted !== null) tell(`Run ${runId} is deleted.`)
  return deleted !== null
}

/** Measures what the run still lacks; it goes on under its own number. */
export async function resumeRun(runId: number): Promise<void> {
  const resumed = await valueOrTell(lab.runs.resume({ runId }))
  if (resumed === null) return
  showRuns([resumed.runId])
  goTo('bench')
}

/** Measures further repeats of an ended run; it goes on under its own number. */
export async function extendRun(runId: number, repeats: number): Promise<void> {
  const extended = await valueOrTell(lab.runs.extend({ runId, repeats }))
  if (extended === null) return
  showRuns([extended.runId])
  goTo('bench')
}

export async function importRunFile(file: File): Promise<void> {
  const imported = await valueOrTell(lab.runs.import({ text: await file.text() }))
  if (imported !== null) goTo('runs', imported.runId)
}
