import type { Command } from 'commander'
import { z } from 'zod'
import { callLab } from '../lab/serveCall.ts'
import { environmentText } from './environmentText.ts'
import { printRun } from './printRun.ts'
import { parseRunId } from './runIdArgument.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional() })

export function addShowCommand(program: Command): void {
  program
    .command('show')
    .description('show a run: answer, cells, environment')
    .argument('<run>', 'its number', parseRunId)
    .option('--json', 'print {schemaVersion, run, samples, spans}')
    .action(async (runId: number, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      await withLab(given, async lab => {
        const detail = await callLab(lab.handlers, 'runs', 'get', { runId })
        await printRun(lab, detail, given.json ? 'json' : 'text')
        const { capabilities } = detail.run
        if (!given.json && capabilities !== null) print(`\n${environmentText(capabilities)}`)
      })
    })
}
