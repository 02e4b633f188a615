import type { Command } from 'commander'
import { z } from 'zod'
import { callLab } from '../lab/serveCall.ts'
import { addOutputOptions, followRun, outputFrom } from './followRun.ts'
import { parseCount } from './planOptions.ts'
import { parseRunId } from './runIdArgument.ts'
import { withLab } from './terminalLab.ts'

const optionsSchema = z.object({ repeats: z.number() })

export function addExtendCommand(program: Command): void {
  const command = program
    .command('extend')
    .description(
      'measure further repeats of an ended run; its answer says that they were added after looking',
    )
    .argument('<run>', 'its number', parseRunId)
    .requiredOption('--repeats <count>', 'timed loads to add for each scheme at each size', parseCount)
  addOutputOptions(command).action(async (runId: number, _options: unknown, command: Command) => {
    const given = command.optsWithGlobals()
    const { repeats } = optionsSchema.parse(given)
    const output = outputFrom(given)
    process.exitCode = await withLab(output, async lab => {
      await callLab(lab.handlers, 'runs', 'extend', { runId, repeats })
      return followRun(lab, { runId }, output)
    })
  })
}
