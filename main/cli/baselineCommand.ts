import type { Command } from 'commander'
import { z } from 'zod'
import { callLab } from '../lab/serveCall.ts'
import { parseRunId } from './runIdArgument.ts'
import { note } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ unpin: z.boolean().optional() })

export function addBaselineCommand(program: Command): void {
  program
    .command('baseline')
    .description('set every run of a device against this one of its runs; see `runs`')
    .argument('<run>', 'its number', parseRunId)
    .option('--unpin', 'no longer')
    .action(async (runId: number, _options: unknown, command: Command) => {
      const { unpin, ...common } = options.parse(command.optsWithGlobals())
      const call = unpin === true ? 'unpin' : 'pin'
      await withLab(common, lab => callLab(lab.handlers, 'ledger', call, { runId }))
      note(unpin === true ? `run ${runId} is no baseline` : `run ${runId} is the baseline of its device`)
    })
}
