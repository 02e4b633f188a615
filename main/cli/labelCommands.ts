import { type Command, InvalidArgumentError } from 'commander'
import { type LabelChange, runNameSchema, runNoteSchema, tagSchema } from '../../contract/ledger.ts'
import { countText } from '../../findings/words/figureText.ts'
import { callLab } from '../lab/serveCall.ts'
import { parseRunId, parseRunIds } from './runIdArgument.ts'
import { note } from './terminal.ts'
import { commonOptions, withLab } from './terminalLab.ts'

export function addNameCommand(program: Command): void {
  program
    .command('name')
    .description('call a run by a name, or by none: name 12 "before the patch"')
    .argument('<run>', 'its number', parseRunId)
    .argument('[name]', 'its name; without one it has none', checked(runNameSchema), '')
    .action((runId: number, name: string, _options: unknown, command: Command) =>
      label(command, [runId], { name }),
    )
}

export function addNoteCommand(program: Command): void {
  program
    .command('note')
    .description('note something down about a run, or nothing any more')
    .argument('<run>', 'its number', parseRunId)
    .argument('[note]', 'what; without it there is none', checked(runNoteSchema), '')
    .action((runId: number, text: string, _options: unknown, command: Command) =>
      label(command, [runId], { note: text }),
    )
}

export function addTagCommand(program: Command): void {
  program
    .command('tag')
    .description('tag runs, or take a tag away with --remove: tag nightly 12 13')
    .argument('<tag>', 'one word', checked(tagSchema))
    .argument('<runs...>', 'their numbers', parseRunIds)
    .option('--remove', 'take it away')
    .action((tag: string, runIds: number[], { remove }: { remove?: boolean }, command: Command) =>
      label(command, runIds, remove === true ? { removeTags: [tag] } : { addTags: [tag] }),
    )
}

async function label(command: Command, runIds: readonly number[], change: LabelChange): Promise<void> {
  const given = commonOptions.parse(command.optsWithGlobals())
  await withLab(given, lab => callLab(lab.handlers, 'runs', 'label', { runIds: [...runIds], change }))
  note(`${countText(runIds.length, 'run')} labelled`)
}

type Schema = {
  readonly safeParse: (value: unknown) => {
    readonly data?: string | undefined
    readonly error?: { readonly issues: ReadonlyArray<{ message: string }> } | undefined
  }
}

function checked(schema: Schema): (text: string) => string {
  return text => {
    const { data, error } = schema.safeParse(text)
    if (data === undefined) throw new InvalidArgumentError(error?.issues[0]?.message ?? 'It is not valid.')
    return data
  }
}
