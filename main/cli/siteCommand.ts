import type { Command } from 'commander'
import { z } from 'zod'
import type { Site } from '../../contract/calls.ts'
import type { LabApplication } from '../lab/lab.ts'
import { print } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

const options = commonOptions.extend({ json: z.boolean().optional(), dir: z.string().optional() })

type Question<T> = {
  readonly name: string
  readonly description: string
  readonly ask: (lab: LabApplication, site: Site) => Promise<T>
  readonly text: (answer: T) => string
}

/** A command that asks one thing of a target and prints the answer as text or JSON. */
export function addSiteCommand<T>(program: Command, { name, description, ask, text }: Question<T>): void {
  program
    .command(name)
    .description(description)
    .argument('[target]', 'local, sim:<profile> or adb:<serial>', 'local')
    .option('--dir <path>', 'folder on the target for generated files')
    .option('--json', 'print JSON')
    .action(async (target: string, _options: unknown, command: Command) => {
      const given = options.parse(command.optsWithGlobals())
      const site = { target, directory: given.dir ?? null }
      const answer = await withLab(given, lab => ask(lab, site))
      print(given.json ? JSON.stringify(answer, null, 2) : text(answer))
    })
}
