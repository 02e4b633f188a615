import type { Command } from 'commander'
import { z } from 'zod'
import type { LabError } from '../../contract/error.ts'
import type { RunDetail } from '../../contract/run.ts'
import { runEndText } from '../../findings/words/runEndText.ts'
import type { RunEnding } from '../lab/activeRun.ts'
import type { LabApplication } from '../lab/lab.ts'
import { withLog } from '../lab/loggedHandlers.ts'
import { callLab } from '../lab/serveCall.ts'
import { endingOf } from './endingOf.ts'
import { exitCodeOfRun } from './exitCode.ts'
import { checkOutputFile, writeOutputFile } from './outputFile.ts'
import { exportText, printRun } from './printRun.ts'
import { plainProgressText, progressText, tellsMore } from './progressText.ts'
import { note, rewritesProgress, showProgress } from './terminal.ts'
import { commonOptions } from './terminalLab.ts'

const outputOptions = commonOptions.extend({
  csv: z.string().optional(),
  json: z.boolean().optional(),
})
type OutputOptions = z.infer<typeof outputOptions>

export function addOutputOptions(command: Command): Command {
  return command
    .option('--csv <file>', 'write the samples as CSV')
    .option('--json', 'print {schemaVersion, run, samples, spans}')
}

/**
 * Where the result of a run goes, beside the store. Checked before the run: it may take hours.
 * @throws LabFailure `bad-file`.
 */
export function outputFrom(given: unknown): OutputOptions {
  const output = outputOptions.parse(given)
  if (output.csv !== undefined) checkOutputFile(output.csv)
  return output
}

/** Shows a run that has just begun, to its end, and prints its result by `show`. Returns the exit code. */
export async function followRun(
  lab: LabApplication,
  { runId }: { readonly runId: number },
  output: OutputOptions,
  show: (detail: RunDetail) => Promise<void> = detail => printRun(lab, detail, output.json ? 'json' : 'text'),
): Promise<number> {
  const worthALine = tellsMore()
  lab.on('runProgress', ({ progress }) => {
    if (rewritesProgress()) showProgress(progressText(progress))
    else if (worthALine(progress)) showProgress(plainProgressText(progress))
  })
  const ending = await endingOf(lab, runId, () => note('cancelling; what was measured is kept'))
  return await report(lab, ending, output, show)
}

async function report(
  lab: LabApplication,
  ending: RunEnding,
  { csv, json }: OutputOptions,
  show: (detail: RunDetail) => Promise<void>,
): Promise<number> {
  const detail = await callLab(lab.handlers, 'runs', 'get', { runId: ending.summary.id })
  const { samples } = detail
  if (json || samples.length > 0) await show(detail)
  // The file of an earlier run is worth more than a head without samples.
  if (csv !== undefined && samples.length > 0) writeOutputFile(csv, await exportText(lab, detail, 'csv'))
  const end = runEndText(ending.summary)
  // Notes of the terminal begin in lower case.
  note(`${end.slice(0, 1).toLowerCase()}${end.slice(1)}`)
  if (ending.error !== null) await noteLog(lab, ending.error)
  return exitCodeOfRun(ending, samples)
}

/** Names the log where it has more to say than the error. */
async function noteLog(lab: LabApplication, { kind }: LabError): Promise<void> {
  const { logFile } = await callLab(lab.handlers, 'shell', 'info', {})
  const more = withLog(kind, '', logFile)
  if (more !== '') note(more)
}
