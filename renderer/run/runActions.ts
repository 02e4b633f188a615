import { undoMs } from '../../contract/calls.ts'
import type { LabelChange } from '../../contract/ledger.ts'
import { countText } from '../../findings/words/figureText.ts'
import { tellUndoable, valueOrTell } from '../base/notices.ts'
import { goToFromHere } from '../base/useRoute.ts'
import { lab } from '../lab/lab.ts'
import { showRuns } from './shownRuns.ts'

/** Takes runs out of sight; for a while that can be taken back. */
export async function discardRuns(runIds: readonly number[]): Promise<boolean> {
  const discarded = await valueOrTell(lab.runs.discard({ runIds: [...runIds] }))
  if (discarded === null) return false
  const what = runIds.length === 1 ? `Run ${runIds[0]} is` : `${countText(runIds.length, 'run')} are`
  const undo = () => void valueOrTell(lab.runs.restore({ runIds: [...runIds] }))
  tellUndoable(`${what} deleted.`, undo, undoShownMs)
  return true
}

/** Shorter than the lab keeps what was deleted: a click at the last moment is still in time. */
const undoShownMs = undoMs / 2

export async function labelRuns(runIds: readonly number[], change: LabelChange): Promise<boolean> {
  return (await valueOrTell(lab.runs.label({ runIds: [...runIds], change }))) !== null
}

/** Measures what the run still lacks; it goes on under its own number. */
export async function resumeRun(runId: number): Promise<void> {
  const lead = goToFromHere()
  const resumed = await valueOrTell(lab.runs.resume({ runId }))
  if (resumed === null) return
  showRuns([resumed.runId])
  lead('bench')
}

/** Measures further repeats of an ended run; it goes on under its own number. */
export async function extendRun(runId: number, repeats: number): Promise<void> {
  const lead = goToFromHere()
  const extended = await valueOrTell(lab.runs.extend({ runId, repeats }))
  if (extended === null) return
  showRuns([extended.runId])
  lead('bench')
}

export async function importRunFile(file: File): Promise<void> {
  const lead = goToFromHere()
  const imported = await valueOrTell(lab.runs.import({ text: await file.text() }))
  if (imported !== null) lead('runs', imported.runId)
}
