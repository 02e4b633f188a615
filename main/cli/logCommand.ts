import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { fail } from '../../contract/error.ts'
import { isAboutRun } from '../lab/log/labLog.ts'
import { logLines } from '../lab/log/readLog.ts'
import { dataDirectoryOf, logDirectoryIn } from '../lab/paths.ts'
import { interruptible } from './interrupt.ts'
import { print } from './terminal.ts'

const options = z.object({ run: z.string().optional(), follow: z.boolean().optional() })

/** Reads the files alone, so that it helps where the history cannot be opened, too. */
export function addLogCommand(program: Command): void {
  program
    .command('log')
    .description('what the labs on this data folder have noted down, oldest first')
    .option('--run <run>', 'of this run only: its number, or number-uuid as in the log', parseRun)
    .option('--follow', 'go on with what comes, until Ctrl-C')
    .action(async (_options: unknown, command: Command) => {
      await printLog(options.parse(command.opts()))
    })
}

async function printLog({ run, follow }: z.infer<typeof options>): Promise<void> {
  const folder = logDirectoryIn(dataDirectoryOf(process.env))
  const end = new AbortController()
  // Whoever read the output has left.
  process.stdout.once('close', () => end.abort())
  let count = 0
  await interruptible(
    () => end.abort(),
    async () => {
      for await (const line of logLines(folder, follow === true ? end.signal : undefined)) {
        if (run !== undefined && !isAboutRun(line, run)) continue
        print(line)
        count += 1
      }
    },
  )
  if (count > 0 || follow === true) return
  const what = run === undefined ? 'nothing' : `nothing of run ${run}`
  fail('not-found', `the log in ${folder} holds ${what}`, 'What is old is removed as the log grows.')
}

function parseRun(text: string): string {
  if (/^[1-9]\d*(-[0-9a-f]{8})?$/.test(text)) return text
  throw new InvalidArgumentError('A run is named by its number; see `runs`.')
}
