import type { Command } from 'commander'
import { z } from 'zod'
import type { MadeFile } from '../../contract/target.ts'
import { countText, sizeText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { type Column, formatTable } from './table.ts'
import { note, print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ dryRun: z.boolean().default(false), json: z.boolean().optional() })

export function addCleanCommand(program: Command): void {
  program
    .command('clean')
    .description('remove the files that the lab has made on a target: generated, pushed, unfinished, agents')
    .argument('[target]', 'local or adb:<serial>', 'local')
    .option('--dry-run', 'show them only')
    .option('--json', 'print JSON')
    .action(async (target: string, _options: unknown, command: Command) => {
      const { dryRun, json, ...common } = options.parse(command.optsWithGlobals())
      const { files } = await withLab(common, lab =>
        callLab(lab.handlers, 'targets', 'clean', { target, dryRun }),
      )
      if (json) print(JSON.stringify(files, null, 2))
      else if (files.length > 0) print(formatTable(columns, files))
      note(totalText(files, dryRun))
    })
}

const columns: Column<MadeFile>[] = [
  { title: 'kind', align: 'left', text: file => file.kind },
  { title: 'size', align: 'right', text: file => sizeText(file.bytes) },
  { title: 'file', align: 'left', text: file => file.path },
]

function totalText(files: readonly MadeFile[], dryRun: boolean): string {
  if (files.length === 0) return 'The lab has made nothing there.'
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const what = `${countText(files.length, 'file')}, ${sizeText(bytes)}`
  return dryRun ? `${what}. Nothing was removed.` : `Removed ${what}. What a run needs is made again.`
}
