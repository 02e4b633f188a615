import { CommanderError } from 'commander'
import { toLabError } from '../../contract/error.ts'

export const EXIT_FAILED = 1
export const EXIT_USAGE = 2
export const EXIT_UNAVAILABLE = 3

/** The exit code for what a command threw; tells the user unless commander already has. */
export function exitCodeOf(thrown: unknown, program: string): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : EXIT_USAGE
  const error = toLabError(thrown)
  process.stderr.write(`${program}: ${error.message}\n${error.hint}\n`)
  if (error.kind === 'bad-input') return EXIT_USAGE
  return error.kind === 'target-unavailable' ? EXIT_UNAVAILABLE : EXIT_FAILED
}
