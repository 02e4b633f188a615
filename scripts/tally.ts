import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What a test runner counted; every skipped test with its reason. */
export const tallySchema = z.strictObject({
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.array(z.strictObject({ test: z.string(), why: z.string() })),
})
export type Tally = z.infer<typeof tallySchema>

/** Reads what a reporter left; a runner that died before its report counts as one failure. */
export function readTally(file: string): Tally {
  try {
    return tallySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, skipped: [] }
  }
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    skipped: tallies.flatMap(tally => tally.skipped),
  }
}
