import type { Command } from 'commander'
import { z } from 'zod'
import type { RunSummary } from '../../contract/run.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { formatSize } from '../../contract/size.ts'
import { clockText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { type Column, formatTable } from './table.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional() })

export function addRunsCommand(program: Command): void {
  program
    .command('runs')
    .description('list the runs, newest first')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const runs = await withLab(given, lab => callLab(lab.handlers, 'runs', 'list', {}))
      print(given.json ? JSON.stringify(runs, null, 2) : runsText(runs))
    })
}

function runsText(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No runs yet. Start one: run --sizes 8MiB --schemes memfd-direct'
  return formatTable(columns, runs)
}

const columns: Column<RunSummary>[] = [
  { title: 'run', align: 'right', text: run => String(run.id) },
  { title: 'started', align: 'left', text: run => clockText(run.createdAt) },
  { title: 'status', align: 'left', text: run => (run.damaged ? 'damaged' : run.status) },
  { title: 'target', align: 'left', text: targetText },
  { title: 'samples', align: 'right', text: run => `${run.samplesDone}/${run.samplesPlanned}` },
  { title: 'failed', align: 'right', text: run => String(run.samplesFailed) },
  { title: 'sizes', align: 'left', text: run => run.sizesBytes.map(formatSize).join(',') },
  { title: 'schemes', align: 'left', text: run => schemesText(run.schemes) },
]

function targetText({ target, simulated, imported }: RunSummary): string {
  return `${target}${simulated ? ' (simulated)' : ''}${imported ? ' (imported)' : ''}`
}

/** As many as fit beside the rest; `show` and JSON have them all. */
const mostNamed = 3

function schemesText(schemes: readonly SchemeId[]): string {
  if (schemes.length === schemeIds.length) return 'all'
  if (schemes.length <= mostNamed) return schemes.join(',')
  return `${schemes.slice(0, mostNamed - 1).join(',')} and ${schemes.length - mostNamed + 1} more`
}
