// Reads all of each history as a lab would, and prints it, or why not, as a line of JSON.
// node readHistory.ts <database> …
import { z } from 'zod'
import { toLabError } from '../../contract/error.ts'
import { openStore } from '../../db/openStore.ts'

export const readHistorySchema = z.union([
  z.strictObject({ runs: z.array(z.string()), notices: z.array(z.string()) }),
  z.strictObject({ failed: z.string(), message: z.string() }),
])
export type ReadHistory = z.infer<typeof readHistorySchema>

function readHistory(file: string): ReadHistory {
  try {
    const store = openStore(file)
    try {
      const runs = store.runs.listRuns().map(summary => {
        const detail = store.runs.getRun(summary.id)
        const spans = detail.samples.map(({ id }) => store.runs.getSpans(id))
        return JSON.stringify({ summary, detail, spans })
      })
      return { runs, notices: [...store.notices] }
    } finally {
      store.close()
    }
  } catch (thrown) {
    const { kind, message } = toLabError(thrown)
    return { failed: kind, message }
  }
}

if (import.meta.main)
  for (const file of process.argv.slice(2)) process.stdout.write(`${JSON.stringify(readHistory(file))}\n`)
