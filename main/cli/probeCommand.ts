import type { Command } from 'commander'
import { z } from 'zod'
import type { Capabilities, SchemeStatus } from '../../contract/target.ts'
import { callLab } from '../lab/serveCall.ts'
import { environmentText } from './environmentText.ts'
import { type Column, formatTable } from './table.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional(), dir: z.string().optional() })

export function addProbeCommand(program: Command): void {
  program
    .command('probe')
    .description('say what a target is, and which schemes can run there')
    .argument('[target]', 'local, sim:<profile> or adb:<serial>', 'local')
    .option('--dir <path>', 'folder on the target for generated files')
    .option('--json', 'print JSON')
    .action(async (target: string, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const place = { target, directory: given.dir ?? null }
      const capabilities = await withLab(given, lab => callLab(lab.handlers, 'probeTarget', place))
      print(given.json ? JSON.stringify(capabilities, null, 2) : probeText(capabilities))
    })
}

function probeText(capabilities: Capabilities): string {
  const blocks = [
    environmentText(capabilities),
    formatTable(columns, capabilities.schemes),
    capabilities.notes.join('\n'),
  ]
  return blocks.filter(block => block !== '').join('\n\n')
}

const columns: Column<SchemeStatus>[] = [
  { title: 'scheme', align: 'left', text: status => status.scheme },
  { title: 'can run', align: 'left', text: status => (status.can ? 'yes' : 'no') },
  { title: 'why not', align: 'left', text: status => status.why },
]
