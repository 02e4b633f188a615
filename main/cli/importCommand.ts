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

/** Editors and PowerShell begin a file with a mark of its encoding; without one it is UTF-8. */
function decoded(content: Buffer): string {
  const [first, second] = content
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true }).decode(content)
}

function readTextFile(file: string): string {
  try {
    return decoded(readFileSync(file))
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
