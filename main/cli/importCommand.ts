import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { fail, reasonOf } from '../../contract/error.ts'
import { callLab } from '../lab/serveCall.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('add a run that was exported as JSON')
    .argument('<file>', 'the JSON file')
    .action(async (file: string, _options: unknown, command: Command) => {
      const given = commonOptions.parse(command.optsWithGlobals())
      const text = readTextFile(file)
      const { runId } = await withLab(given, lab => callLab(lab.handlers, 'runs', 'import', { text }))
      print(`imported as run ${runId}`)
    })
}

function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const reason = reasonOf(thrown)
    fail(
      'bad-file',
      `${file} cannot be read: ${reason}`,
      'Name a file written by `export --format json`.',
      thrown,
    )
  }
}
