import { undoMs } from '../../contract/calls.ts'
import type { Desktop } from '../../contract/desktop.ts'
import type { LabelChange } from '../../contract/ledger.ts'
import type { ExportFormat } from '../../contract/run.ts'
import { countText } from '../../findings/words/figureText.ts'
import { tell, tellUndoable, valueOrTell } from '../base/notices.ts'
import { goTo } from '../base/useRoute.ts'
import { desktop, lab } from '../lab/lab.ts'
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

/** The desktop asks where and writes the file itself; a browser gets a download. */
export async function exportRun(runId: number, format: ExportFormat): Promise<void> {
  if (desktop !== undefined) await saveRun(desktop, runId, format)
  else await downloadRun(runId, format)
}

async function saveRun(shell: Desktop, runId: number, format: ExportFormat): Promise<void> {
  const saved = await valueOrTell(shell.saveRun({ runId, format }))
  if (saved === null || saved.file === null) return
  const show = { title: 'Show in folder', run: () => void valueOrTell(shell.showSaved({})) }
  tell(`${saved.file} is saved.`, '', show)
}

/** Hands the export to the browser as a download; nothing is put on the page. */
async function downloadRun(runId: number, format: ExportFormat): Promise<void> {
  const exported = await valueOrTell(lab.runs.export({ runId, format }))
  if (exported === null) return
  const url = URL.createObjectURL(new Blob([exported.text], { type: exported.mediaType }))
  const link = document.createElement('a')
  link.href = url
  link.download = exported.fileName
  link.click()
  URL.revokeObjectURL(url)
  tell(`${exported.fileName} went to the browser's downloads.`)
}
