import type { ComparisonFormat, Side } from '../../contract/comparison.ts'
import type { Desktop } from '../../contract/desktop.ts'
import type { Outcome } from '../../contract/error.ts'
import type { ExportFormat } from '../../contract/run.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { tell, tellError, valueOrTell } from '../base/notices.ts'
import { desktop, lab } from '../lab/lab.ts'
import { pngOf } from './pngOf.ts'

/** A run as it is shared: its picture shows the pair of `scheme`, or without one the pair that a run opens on. */
export type Shared = { readonly runId: number; readonly scheme?: SchemeId }

type Exported = { readonly fileName: string; readonly mediaType: string; readonly text: string }

/** Something that can be given to somebody: how each shell gets at it in one of its formats. */
export type Shareable<F extends string> = {
  readonly name: string
  readonly exported: (format: F) => Promise<Outcome<Exported>>
  readonly saveOn: (shell: Desktop, format: F) => Promise<Outcome<{ readonly file: string | null }>>
  readonly copyOn: (shell: Desktop, format: F) => Promise<Outcome<unknown>>
}

export function sharedRun(shared: Shared): Shareable<ExportFormat> {
  return {
    name: `Run ${shared.runId}`,
    exported: format => lab.runs.export({ ...shared, format }),
    saveOn: (shell, format) => shell.saveRun({ ...shared, format }),
    copyOn: (shell, format) => shell.copyRun({ ...shared, format }),
  }
}

export function sharedComparison(sides: Side[]): Shareable<ComparisonFormat> {
  return {
    name: 'The comparison',
    exported: format => lab.runs.exportSides({ sides, format }),
    saveOn: (shell, format) => shell.saveComparison({ sides, format }),
    copyOn: (shell, format) => shell.copyComparison({ sides, format }),
  }
}

/** The desktop asks where and writes the file itself; a browser gets a download. */
export async function save<F extends string>(shared: Shareable<F>, format: F): Promise<void> {
  if (desktop !== undefined) {
    await tellSaved(desktop, await valueOrTell(shared.saveOn(desktop, format)))
    return
  }
  const exported = await valueOrTell(shared.exported(format))
  if (exported === null) return
  download(new Blob([exported.text], { type: exported.mediaType }), exported.fileName)
}

/** Onto the clipboard; the desktop fetches the text itself. */
export async function copy<F extends string>(shared: Shareable<F>, format: F): Promise<void> {
  const told = () => tell(`${shared.name} is on the clipboard.`)
  if (desktop !== undefined) {
    if ((await valueOrTell(shared.copyOn(desktop, format))) !== null) told()
    return
  }
  const exported = await valueOrTell(shared.exported(format))
  if (exported === null) return
  try {
    await navigator.clipboard.writeText(exported.text)
    told()
  } catch {
    tellError({
      kind: 'unsupported',
      message: 'This browser does not let the page use the clipboard.',
      hint: 'Save the text as a file instead.',
    })
  }
}

/** The picture in twice its pixels, for places that take no SVG. */
export async function savePng(shared: Shareable<'svg'>): Promise<void> {
  const exported = await valueOrTell(shared.exported('svg'))
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
