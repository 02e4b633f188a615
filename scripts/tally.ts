import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'

const outcomeSchema = z.strictObject({ test: z.string(), why: z.string() })
type Outcome = z.infer<typeof outcomeSchema>

/** What a test runner counted; every failed and skipped test with its reason, every file with what its tests took. */
export const tallySchema = z.strictObject({
  passed: z.number().int().nonnegative(),
  failed: z.array(outcomeSchema),
  skipped: z.array(outcomeSchema),
  files: z.array(z.strictObject({ file: z.string(), seconds: z.number().nonnegative() })),
})
export type Tally = z.infer<typeof tallySchema>

const nothing: Tally = { passed: 0, failed: [], skipped: [], files: [] }

/** Reads what a reporter left; a runner that failed without a failed test, or before its report, is one failure. */
export function readTally(file: string, step: string, ok: boolean): Tally {
  const report = readReport(file)
  const tally = report ?? failedStep(step, 'ended before its report')
  return ok || tally.failed.length > 0
    ? tally
    : { ...tally, failed: failedStep(step, 'failed beside its tests').failed }
}

function failedStep(test: string, why: string): Tally {
  return { ...nothing, failed: [{ test, why }] }
}

function readReport(file: string): Tally | null {
  try {
    return tallySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Of a step that is no test: only its failure counts. */
export function stepTally(step: string, ok: boolean): Tally {
  return ok ? nothing : failedStep(step, 'its lines above say why')
}

export function skippedStep(test: string, why: string): Tally {
  return { ...nothing, skipped: [{ test, why }] }
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.flatMap(tally => tally.failed),
    skipped: tallies.flatMap(tally => tally.skipped),
    files: tallies.flatMap(tally => tally.files),
  }
}

/** The slowest files first. */
export function slowestFiles({ files }: Tally, count: number): Tally['files'] {
  return files.toSorted((one, other) => other.seconds - one.seconds).slice(0, count)
}

/** What has one reason stands under it, so that forty tests without a program do not hide the one that matters. */
export function outcomeLines(outcomes: readonly Outcome[]): string[] {
  const testsOf = Map.groupBy(outcomes, ({ why }) => why)
  return [...testsOf].flatMap(([why, same]) => [
    `  ${why}${same.length > 1 ? ` (${same.length})` : ''}`,
    ...same.map(({ test }) => `    ${test}`),
  ])
}

type Place = { readonly file: string; readonly line: number }

/** What a person needs of an error, on one line without a terminal's colours: what, of what in the page, and where. */
export function failureReason(message: string | undefined, place: Place | undefined): string {
  const lines = stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n')
  const locator = lines.find(line => line.startsWith('Locator:'))?.replace(/^Locator:\s*/, '')
  const where = place === undefined ? '' : ` (${relative(process.cwd(), place.file)}:${place.line})`
  return [lines[0] || 'no message', locator].filter(Boolean).join(': ') + where
}
