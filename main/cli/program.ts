import { Command, CommanderError } from 'commander'
import { toLabError } from '../../contract/error.ts'
import { addCommands } from './commands.ts'
import { exitCodeOf, exitCodes } from './exitCode.ts'
import { note, watchOutput } from './terminal.ts'

/** Runs the command that `words` name. Resolves with the exit code; what went wrong has been said on stderr. */
export async function runProgram(words: readonly string[], version: string): Promise<number> {
  const program = new Command('lab')
    .description(
      'Which way of loading a file into a dma-buf is fastest on this device, why, and how far from the limit?',
    )
    .version(version)
    .option('--db <file>', "the database, instead of the data folder's")
    .option('--verbose', 'note down every line between lab and agent; see `log`')
    .showHelpAfterError('Add --help to see how it is used.')
    .exitOverride()
  await addCommands(program, words)
  watchOutput()
  try {
    await program.parseAsync(words, { from: 'user' })
    return Number(process.exitCode ?? exitCodes.ok)
  } catch (thrown) {
    return explain(thrown)
  }
}

/** Says what went wrong on stderr, unless commander has said it. Returns the exit code. */
function explain(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const { kind, message, hint } = toLabError(thrown)
  note(`error: ${message}`)
  if (hint !== '') note(hint)
  return exitCodeOf(kind)
}
