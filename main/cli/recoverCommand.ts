import type { Command } from 'commander'
import { z } from 'zod'
import { damageText } from '../../findings/words/checkText.ts'
import { countText } from '../../findings/words/figureText.ts'
import { checkDatabase, recoverDatabase } from '../lab/storeCare.ts'
import { exitCodes } from './exitCode.ts'
import { note, print } from './terminal.ts'

const options = z.object({
  output: z.string().min(1, 'name a file').optional(),
  check: z.boolean().optional(),
})

export function addRecoverCommand(program: Command): void {
  program
    .command('recover')
    .description('salvage what can be read of a damaged database into a new one')
    .argument('<file>', 'the damaged database; it is only read')
    .option('-o, --output <file>', 'the new database; <file>.recovered unless told')
    .option('--check', 'only look at every run, sample and span, and say what is damaged')
    .action((file: string, _options: unknown, command: Command) => {
      const { output, check } = options.parse(command.opts())
      if (check === true) return reportCheck(file)
      const into = output ?? `${file}.recovered`
      const { runs, lostRuns, damagedRuns, samples, lostSamples, withoutSpans } = recoverDatabase(file, into)
      print(`${countText(runs, 'run')} with ${countText(samples, 'sample')} salvaged into ${into}`)
      const isWhole = lostRuns + damagedRuns + lostSamples + withoutSpans === 0
      if (isWhole) return note('Nothing was lost.')
      note(
        `Lost: ${countText(lostRuns, 'run')}, ${countText(lostSamples, 'sample')}, and the spans of ${countText(withoutSpans, 'sample')}.`,
      )
      if (damagedRuns > 0)
        note(`${countText(damagedRuns, 'run')} kept that are damaged; their reason says in what.`)
      process.exitCode = exitCodes.failed
    })
}

function reportCheck(file: string): void {
  const { runs, samples, ...damage } = checkDatabase(file)
  print(`${countText(runs, 'run')} with ${countText(samples, 'sample')} looked at`)
  const text = damageText(damage)
  print(text || 'All of it is what was stored.')
  if (text !== '') process.exitCode = exitCodes.failed
}
