import type { Command } from 'commander'
import { z } from 'zod'
import type { TargetSummary } from '../../contract/target.ts'
import { callLab } from '../lab/serveCall.ts'
import { type Column, formatTable } from './table.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional() })

export function addTargetsCommand(program: Command): void {
  program
    .command('targets')
    .description('list where a run can be measured or simulated')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const targets = await withLab(given, lab => callLab(lab.handlers, 'targets', 'list', {}))
      print(given.json ? JSON.stringify(targets, null, 2) : formatTable(columns, targets))
    })
}

const columns: Column<TargetSummary>[] = [
  { title: 'target', align: 'left', text: target => target.id },
  { title: 'state', align: 'left', text: target => target.state },
  { title: 'title', align: 'left', text: target => target.title },
  { title: 'detail', align: 'left', text: target => target.detail },
]
