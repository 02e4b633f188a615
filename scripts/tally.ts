import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What a test runner counted; every skipped test with its reason, every file with what its tests took. */
export const tallySchema = z.strictObject({
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.array(z.strictObject({ test: z.string(), why: z.string() })),
  files: z.array(z.strictObject({ file: z.string(), seconds: z.number().nonnegative() })),
})
export type Tally = z.infer<typeof tallySchema>

const nothing: Tally = { passed: 0, failed: 0, skipped: [], files: [] }

/** Reads what a reporter left; a runner that failed without a failed test, or before its report, is one failure. */
export function readTally(file: string, ok: boolean): Tally {
  const tally = readReport(file) ?? { ...nothing, failed: 1 }
  return ok || tally.failed > 0 ? tally : { ...tally, failed: 1 }
}

function readReport(file: string): Tally | null {
  try {
    return tallySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Of a step that is no test: only its failure counts. */
export function stepTally(ok: boolean): Tally {
  return { ...nothing, failed: ok ? 0 : 1 }
}

export function skippedStep(test: string, why: string): Tally {
  return { ...nothing, skipped: [{ test, why }] }
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    skipped: tallies.flatMap(tally => tally.skipped),
    files: tallies.flatMap(tally => tally.files),
  }
}

/** The slowest files first. */
export function slowestFiles({ files }: Tally, count: number): Tally['files'] {
  return files.toSorted((one, other) => other.seconds - one.seconds).slice(0, count)
}
