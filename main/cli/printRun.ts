import type { ExportFormat, RunDetail } from '../../contract/run.ts'
import type { Span } from '../../contract/sample.ts'
import type { LabApplication } from '../lab/lab.ts'
import { callLab } from '../lab/serveCall.ts'
import { print } from './terminal.ts'

/** Prints a run as an export writes it: what the terminal says can be mailed as it is. */
export async function printRun(lab: LabApplication, detail: RunDetail, format: ExportFormat): Promise<void> {
  print((await exportText(lab, detail, format)).trimEnd())
}

/** A run that was read, in another format; its spans are read for a format that has them. */
export async function exportText(
  lab: LabApplication,
  detail: RunDetail,
  format: ExportFormat,
): Promise<string> {
  const spans = format === 'json' || format === 'perfetto' ? await spansOf(lab, detail) : new Map()
  const { exportRun } = await import('../../findings/exports/exportRun.ts')
  return exportRun(detail, sampleId => spans.get(sampleId) ?? [], format).text
}

async function spansOf(lab: LabApplication, { samples }: RunDetail): Promise<Map<number, Span[]>> {
  const spans = new Map<number, Span[]>()
  for (const { id } of samples) spans.set(id, await callLab(lab.handlers, 'runs', 'spans', { sampleId: id }))
  return spans
}
