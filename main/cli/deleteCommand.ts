import type { Command } from 'commander'
import { callLab } from '../lab/serveCall.ts'
import { parseRunId } from './runIdArgument.ts'
import { note } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

export function addDeleteCommand(program: Command): void {
  program
    .command('delete')
    .description('delete a run with its samples')
    .argument('<run>', 'its number', parseRunId)
    .action(async (runId: number, _options: unknown, command: Command) => {
      const given = commonOptions.parse(command.optsWithGlobals())
      await withLab(given, lab => callLab(lab.handlers, 'runs', 'delete', { runId }))
      note(`run ${runId} deleted`)
    })
}
