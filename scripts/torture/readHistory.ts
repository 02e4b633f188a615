// Reads all of each history as a lab would, and prints it, or why not, as a line of JSON.
// node readHistory.ts <database> …
import { z } from 'zod'
import { toLabError } from '../../contract/error.ts'
import type { RunSummary } from '../../contract/run.ts'
import { openStore } from '../../db/openStore.ts'
import type { RunStore } from '../../db/runStore.ts'

const failure = { failed: z.string(), message: z.string() }
/** A run with all that it holds, or why it cannot be read. */
const readRunSchema = z.union([
  z.strictObject({
    id: z.number(),
    damaged: z.boolean(),
    /** Run, samples and spans as JSON; a sample that is said to be damaged is `null`. */
    parts: z.array(z.string().nullable()),
  }),
  z.strictObject({ id: z.number(), ...failure }),
])
export const readHistorySchema = z.union([
  z.strictObject({ runs: z.array(readRunSchema), notices: z.array(z.string()) }),
  z.strictObject(failure),
])
export type ReadRun = z.infer<typeof readRunSchema>
export type ReadHistory = z.infer<typeof readHistorySchema>

function readHistory(file: string): ReadHistory {
  return orFailure(() => {
    const store = openStore(file)
    try {
      const runs = store.runs.listRuns().map(summary => {
        const { id } = summary
        return { id, ...orFailure(() => readRun(store.runs, summary)) }
      })
      return { runs, notices: [...store.notices] }
    } finally {
      store.close()
    }
  })
}

function readRun(runs: RunStore, summary: RunSummary) {
  if (summary.damaged) return { damaged: true, parts: [] }
  const { run, samples } = runs.getRun(summary.id)
  const sampleParts = samples.flatMap(sample => {
    const spans = orFailure(() => ({ spans: runs.getSpans(sample.id) }))
    return [
      sample.reason.startsWith('damaged in the database') ? null : JSON.stringify(sample),
      'failed' in spans ? null : JSON.stringify(spans),
    ]
  })
  return { damaged: false, parts: [JSON.stringify({ summary, run }), ...sampleParts] }
}

function orFailure<T extends object>(work: () => T): T | { failed: string; message: string } {
  try {
    return work()
  } catch (thrown) {
    const { kind, message } = toLabError(thrown)
    return { failed: kind, message }
  }
}

if (import.meta.main)
  for (const file of process.argv.slice(2)) process.stdout.write(`${JSON.stringify(readHistory(file))}\n`)
