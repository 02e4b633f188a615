import type { Command } from 'commander'
import { z } from 'zod'
import { fail } from '../../contract/error.ts'
import { type TargetId, targetIdSchema } from '../../contract/target.ts'
import { abandonRisk } from '../../findings/words/abandonText.ts'
import { callLab } from '../lab/serveCall.ts'
import { parseRunId } from './runIdArgument.ts'
import { note } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ yes: z.boolean().optional() })

export function addAbandonCommand(program: Command): void {
  program
    .command('abandon')
    .description('end a run, or free a target, whose lab cannot be told from a dead one')
    .argument('<run or target>', 'its number, or local, sim:<profile>, adb:<serial>', parseRunOrTarget)
    .option('--yes', 'that lab is gone')
    .action(async (what: number | TargetId, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      if (given.yes !== true) fail('bad-input', abandonRisk, 'If that lab is gone, say so with --yes.')
      await withLab(given, lab =>
        typeof what === 'number'
          ? callLab(lab.handlers, 'runs', 'abandon', { runId: what })
          : callLab(lab.handlers, 'targets', 'abandon', { target: what }),
      )
      note(typeof what === 'number' ? `run ${what} abandoned; it can be resumed` : `${what} is free`)
    })
}

function parseRunOrTarget(text: string): number | TargetId {
  const target = targetIdSchema.safeParse(text)
  return target.success ? target.data : parseRunId(text)
}
