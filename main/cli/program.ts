import { Command, CommanderError } from 'commander'
import { toLabError } from '../../contract/error.ts'
import { visibleLines } from '../../findings/words/foreignText.ts'
import { productVersion } from '../lab/productVersion.ts'
import { addCommands } from './commands.ts'
import { exitCodeOf, exitCodes } from './exitCode.ts'
import { note, watchOutput } from './terminal.ts'
import { terminalPlace } from './terminalPlace.ts'

/** Runs the command that `words` name, and sets the exit code of this process. What went wrong is said on stderr. */
export async function runTerminal(words: readonly string[]): Promise<void> {
  const program = await makeProgram(words)
  watchOutput()
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (thrown) {
    process.exitCode = explain(thrown)
  }
}

/** The program with the command that `words` name; with all of them where they name none. */
export async function makeProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('lab')
    .description(
      'Which way of loading a file into a dma-buf is fastest on this device, why, and how far from the limit?',
    )
    .version(productVersion(terminalPlace().productDirectory))
    .option('--db <file>', "the database, instead of the data folder's")
    .option('--verbose', 'note down every line between lab and agent; see `log`')
    .showHelpAfterError('Add --help to see how it is used.')
    .exitOverride()
    .configureOutput({ writeErr: text => process.stderr.write(shortLines(text)) })
  await addCommands(program, words)
  return program
}

const longestLine = 500

/** Commander repeats a wrong word whole; what is said of it stands at the ends. */
function shortLines(text: string): string {
  const shorten = (line: string) =>
    line.length > longestLine ? `${line.slice(0, longestLine / 2)} … ${line.slice(-longestLine / 2)}` : line
  return visibleLines(text.split('\n').map(shorten).join('\n'))
}

/** Says what went wrong on stderr, unless commander has said it. Returns the exit code. */
function explain(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  const { kind, message, hint } = toLabError(thrown)
  note(`error: ${message}`)
  if (hint !== '') note(hint)
  return exitCodeOf(kind)
}
