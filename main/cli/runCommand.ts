import type { Command } from 'commander'
import { fail } from '../../contract/error.ts'
import type { Plan } from '../../contract/plan.ts'
import { asksForProcessors, processorsProblem } from '../../contract/processors.ts'
import { targetKind } from '../../contract/target.ts'
import { questionNotes } from '../../findings/question.ts'
import type { LabApplication } from '../lab/lab.ts'
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
    process.exitCode = await withLab(output, async lab => {
      await requireTarget(lab, plan)
      await requireProcessors(lab, plan)
      return followRun(lab, await callLab(lab.handlers, 'runs', 'start', plan), output)
    })
  })
}

/**
 * Nor do processors that it has not, and a clock that it cannot cap.
 * @throws LabFailure `bad-plan`, or as the probe does.
 */
async function requireProcessors(lab: LabApplication, plan: Plan): Promise<void> {
  if (!asksForProcessors(plan)) return
  const { target, directory } = plan
  const { simulated, environment } = await callLab(lab.handlers, 'targets', 'probe', { target, directory })
  const problem = processorsProblem(plan, { simulated, processors: environment.processors })
  if (problem === null) return
  const hint = simulated
    ? 'Leave both out, or measure on a real target.'
    : 'lab probe says what the target offers.'
  fail('bad-plan', problem, hint)
}

/** A target that there is not never becomes a run: a probe says why. @throws LabFailure as the probe does. */
async function requireTarget(lab: LabApplication, { target, directory }: Plan): Promise<void> {
  if (targetKind(target) === 'local') return
  const listed = await callLab(lab.handlers, 'targets', 'list', {})
  if (listed.some(({ id }) => id === target)) return
  await callLab(lab.handlers, 'targets', 'probe', { target, directory })
}
