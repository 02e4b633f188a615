import type { Command } from 'commander'
import { callLab } from '../lab/serveCall.ts'
import { exportedRun, readUserText } from '../lab/userFile.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('add a run that was exported as JSON')
    .argument('<file>', 'the JSON file')
    .action(async (file: string, _options: unknown, command: Command) => {
      const given = commonOptions.parse(command.optsWithGlobals())
      const text = await readUserText(file, exportedRun)
      const { runId } = await withLab(given, lab => callLab(lab.handlers, 'runs', 'import', { text }))
      print(`imported as run ${runId}`)
    })
}
