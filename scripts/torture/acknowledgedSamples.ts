import { isDeepStrictEqual } from 'node:util'
import type { RunStore } from '../../db/runStore.ts'
import type { Acknowledged } from './labLines.ts'

/** What is wrong with the store's account of the samples that were acknowledged, a line for each. */
export function lostSamples(runs: RunStore, acknowledged: readonly Acknowledged[]): string[] {
  const byRun = Map.groupBy(acknowledged, ({ runId }) => runId)
  return [...byRun].flatMap(([runId, expected]) => {
    const stored = new Map(samplesOf(runs, runId).map(sample => [sample.id, sample]))
    return expected.flatMap(({ sample, spans }) => {
      const name = `sample ${sample.id} of run ${runId}`
      const kept = stored.get(sample.id)
      if (kept === undefined) return [`${name} was acknowledged and is not stored`]
      if (!isDeepStrictEqual(kept, sample)) return [`${name} is not as it was acknowledged`]
      return runs.getSpans(sample.id).length === spans ? [] : [`${name} has lost spans`]
    })
  })
}

function samplesOf(runs: RunStore, runId: number) {
  try {
    return runs.getRun(runId).samples
  } catch {
    return []
  }
}
