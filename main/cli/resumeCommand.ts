import type { Command } from 'commander'
import { callLab } from '../lab/serveCall.ts'
import { addOutputOptions, followRun, outputFrom } from './followRun.ts'
import { parseRunId } from './runIdArgument.ts'
import { withLab } from './terminalLab.ts'

export function addResumeCommand(program: Command): void {
  const command = program
    .command('resume')
    .description('measure what an interrupted, cancelled or failed run still lacks')
    .argument('<run>', 'its number', parseRunId)
  addOutputOptions(command).action(async (runId: number, _options: unknown, command: Command) => {
    const output = outputFrom(command.optsWithGlobals())
    process.exitCode = await withLab(output, async lab => {
      await callLab(lab.handlers, 'runs', 'resume', { runId })
      return followRun(lab, { runId }, output)
    })
  })
}
