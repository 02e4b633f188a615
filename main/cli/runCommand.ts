import type { Command } from 'commander'
import { questionNotes } from '../../findings/question.ts'
import { callLab } from '../lab/serveCall.ts'
import { addOutputOptions, followRun, outputFrom } from './followRun.ts'
import { addPlanOptions, planFrom } from './planOptions.ts'
import { note } from './terminal.ts'
import { withLab } from './terminalLab.ts'

export function addRunCommand(program: Command): void {
  const command = program.command('run').description('measure, and say which scheme is fastest')
  addOutputOptions(addPlanOptions(command)).action(async (_options: unknown, command: Command) => {
    const given = command.optsWithGlobals()
    const plan = planFrom(given)
    const output = outputFrom(given)
    for (const text of questionNotes(plan)) note(text)
    process.exitCode = await withLab(output, async lab =>
      followRun(lab, await callLab(lab.handlers, 'runs', 'start', plan), output),
    )
  })
}
