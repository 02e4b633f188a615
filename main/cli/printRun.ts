import type { ExportFormat } from '../../contract/run.ts'
import type { LabApplication } from '../lab/lab.ts'
import { callLab } from '../lab/serveCall.ts'
import { print } from './terminal.ts'

/** Prints a run as an export writes it: what the terminal says can be mailed as it is. */
export async function printRun(lab: LabApplication, runId: number, format: ExportFormat): Promise<void> {
  const { text } = await callLab(lab.handlers, 'exportRun', { runId, format })
  print(text.trimEnd())
}
