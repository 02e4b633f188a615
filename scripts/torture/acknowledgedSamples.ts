import { isDeepStrictEqual } from 'node:util'
import { reasonOf } from '../../contract/error.ts'
import type { RunStore } from '../../db/runStore.ts'
import type { Acknowledged } from './labLines.ts'

/** What is wrong with the store's account of the samples that were acknowledged, a line for each. */
export function lostSamples(runs: RunStore, acknowledged: readonly Acknowledged[]): string[] {
  const byRun = Map.groupBy(acknowledged, ({ runId }) => runId)
  return [...byRun].flatMap(([runId, expected]) => {
    try {
      return lostOfRun(runs, runId, expected)
    } catch (thrown) {
      return expected.map(({ sample }) => `sample ${sample.id} of run ${runId}: ${reasonOf(thrown)}`)
    }
  })
}

function lostOfRun(runs: RunStore, runId: number, expected: readonly Acknowledged[]): string[] {
  const stored = new Map(runs.getRun(runId).samples.map(sample => [sample.id, sample]))
  return expected.flatMap(({ sample, spans }) => {
    const name = `sample ${sample.id} of run ${runId}`
    const kept = stored.get(sample.id)
    if (kept === undefined) return [`${name} was acknowledged and is not stored`]
    if (!isDeepStrictEqual(kept, sample)) return [`${name} is not as it was acknowledged`]
    return runs.getSpans(sample.id).length === spans ? [] : [`${name} has lost spans`]
  })
}
