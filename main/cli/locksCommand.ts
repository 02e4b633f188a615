import { type Command, Option } from 'commander'
import { z } from 'zod'
import { judge } from '../../locks/judge.ts'
import { judgedText } from '../../locks/judgedText.ts'
import { annotations } from '../../locks/lockdep.ts'
import { parseScenario } from '../../locks/scenario.ts'
import { readUserText, scenarioFile } from '../lab/userFile.ts'
import { print } from './terminal.ts'

const options = z.object({ annotation: z.enum(annotations).optional(), json: z.boolean().optional() })

export function addLocksCommand(program: Command): void {
  program
    .command('locks')
    .description('what lockdep would report of a fence and lock scenario, and whether it can deadlock')
    .argument('<scenario>', 'a JSON file; docs/fence-locks.md has the form')
    .addOption(
      new Option('--annotation <kind>', 'how begin_signalling() is annotated; both unless told').choices(
        annotations,
      ),
    )
    .option('--json', 'print JSON')
    .action(async (file: string, given: unknown) => {
      const { annotation, json } = options.parse(given)
      const scenario = parseScenario(await readUserText(file, scenarioFile), file)
      const judged = judge(scenario, annotation === undefined ? annotations : [annotation])
      print(json ? JSON.stringify(judged, null, 2) : judgedText(scenario, judged))
    })
}
