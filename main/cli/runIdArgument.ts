import { InvalidArgumentError } from 'commander'
import { runIdSchema } from '../../contract/run.ts'

/** A run's id on the command line. */
export function parseRunId(text: string): number {
  const id = runIdSchema.safeParse(/^\d+$/.test(text) ? Number(text) : Number.NaN)
  if (!id.success) throw new InvalidArgumentError('A run is named by its number; see `runs`.')
  return id.data
}

/** Several, as commander gathers them. */
export function parseRunIds(text: string, before: readonly number[] = []): number[] {
  return [...before, parseRunId(text)]
}
