import type { Desktop } from '../../contract/desktop.ts'
import type { ExportFormat } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { tell, tellError, valueOrTell } from '../base/notices.ts'
import { desktop, lab } from '../lab/lab.ts'
import { pngOf } from './pngOf.ts'

/** A run as it is shared: its picture shows the pair of `scheme`, or without one the pair that a run opens on. */
export type Shared = { readonly runId: number; readonly scheme?: SchemeId }

/** The desktop asks where and writes the file itself; a browser gets a download. */
export async function exportRun(shared: Shared, format: ExportFormat): Promise<void> {
  if (desktop !== undefined)
    await tellSaved(desktop, await valueOrTell(desktop.saveRun({ ...shared, format })))
  else await downloadRun(shared, format)
}

/** Onto the clipboard; the desktop fetches the text itself. */
export async function copyRun(shared: Shared, format: ExportFormat): Promise<void> {
  if (desktop !== undefined) {
    if ((await valueOrTell(desktop.copyRun({ ...shared, format }))) !== null) tellCopied(shared.runId)
    return
  }
  const exported = await valueOrTell(lab.runs.export({ ...shared, format }))
  if (exported === null) return
  try {
    await navigator.clipboard.writeText(exported.text)
    tellCopied(shared.runId)
  } catch {
    tellError({
      kind: 'unsupported',
      message: 'This browser does not let the page use the clipboard.',
      hint: 'Save the text as a file instead.',
    })
  }
}

function tellCopied(runId: number): void {
  tell(`Run ${runId} is on the clipboard.`)
}

/** The picture in twice its pixels, for places that take no SVG. */
export async function savePng(shared: Shared): Promise<void> {
  const exported = await valueOrTell(lab.runs.export({ ...shared, format: 'svg' }))
  if (exported === null) return
  const png = await pngOf(exported.text)
  if (png === null) {
    tellError({
      kind: 'internal',
      message: 'The picture could not be drawn as PNG.',
      hint: 'Save it as SVG instead.',
    })
    return
  }
  const fileName = exported.fileName.replace(/svg$/, 'png')
  if (desktop === undefined) download(png, fileName)
  else
    await tellSaved(desktop, await valueOrTell(desktop.savePicture({ fileName, png: await base64Of(png) })))
}

async function tellSaved(shell: Desktop, saved: { readonly file: string | null } | null): Promise<void> {
  if (saved === null || saved.file === null) return
  const show = { title: 'Show in folder', run: () => void valueOrTell(shell.showSaved({})) }
  tell(`${saved.file} is saved.`, '', show)
}

async function downloadRun(shared: Shared, format: ExportFormat): Promise<void> {
  const exported = await valueOrTell(lab.runs.export({ ...shared, format }))
  if (exported === null) return
  download(new Blob([exported.text], { type: exported.mediaType }), exported.fileName)
}

/** Hands a file to the browser; nothing of it is put on the page. */
function download(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
  tell(`${fileName} went to the browser's downloads.`)
}

async function base64Of(content: Blob): Promise<string> {
  const bytes = new Uint8Array(await content.arrayBuffer())
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}
