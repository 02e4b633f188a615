import { randomUUID } from 'node:crypto'
import type { LabHandlers } from '../../contract/calls.ts'
import { importRun } from '../../db/importRun.ts'
import type { RunStore } from '../../db/runStore.ts'
import type { Comparisons } from './comparisons.ts'
import type { Deletions } from './deletions.ts'
import type { LedgerKeeper } from './ledgerKeeper.ts'
import type { Measurements } from './measurements.ts'
import type { Subscribers } from './subscribers.ts'

export type RunParts = {
  readonly runs: RunStore
  readonly measurements: Measurements
  readonly deletions: Deletions
  readonly subscribers: Subscribers
  readonly comparisons: Comparisons
  readonly keeper: Pick<LedgerKeeper, 'renew'>
  readonly labVersion: string
}

/**
 * The calls that begin runs, and those about what the store keeps of them. What writes exports is loaded when something
 * is exported: it would be a seventh of what a terminal loads, and most end without.
 */
export function runHandlers({
  runs,
  measurements,
  subscribers,
  labVersion,
  deletions,
  comparisons,
  keeper,
}: RunParts): LabHandlers['runs'] {
  return {
    start: plan =>
      measurements.begin(plan.target, () => runs.createRun({ plan, labVersion, title: plan.target })),
    cancel: async ({ runId }) => {
      await measurements.cancel(runId)
      return {}
    },
    abandon: ({ runId }) => {
      runs.abandonRun(runId)
      subscribers.tellRun(runs, runId)
      return {}
    },
    resume: ({ runId }) => measurements.begin(runs.getSummary(runId).target, () => runs.reopenRun(runId)),
    extend: ({ runId, repeats }) =>
      measurements.begin(runs.getSummary(runId).target, () => runs.extendRun(runId, repeats)),
    list: ({ count }) => measurements.history(count),
    summaries: ({ runIds }) => runs.summariesOf(runIds),
    get: ({ runId, samples }) => runs.getRun(runId, samples),
    spans: ({ sampleId }) => runs.getSpans(sampleId),
    delete: async ({ runId }) => {
      runs.deleteRun(runId)
      subscribers.tell('runDeleted', { runId })
      await deletions.clear()
      return {}
    },
    discard: ({ runIds }) => {
      runs.discardRuns(runIds)
      for (const runId of runIds) subscribers.tell('runDeleted', { runId })
      deletions.clearDiscarded().catch(() => {})
      return {}
    },
    restore: ({ runIds }) => {
      runs.restoreRuns(runIds)
      for (const runId of runIds) subscribers.tellRun(runs, runId)
      return {}
    },
    label: ({ runIds, change }) => {
      runs.labelRuns(runIds, change)
      for (const runId of runIds) subscribers.tellRun(runs, runId)
      return {}
    },
    export: async ({ runId, format, scheme }) => {
      const { exportRun } = await import('../../findings/exports/exportRun.ts')
      return exportRun(runs.getRun(runId), sampleId => runs.getSpans(sampleId), format, scheme)
    },
    import: ({ text }) => {
      const { id } = importRun(text, runs)
      subscribers.tellRun(runs, id)
      keeper.renew(id)
      return { runId: id }
    },
    compare: ({ baseline, candidate }) => comparisons.compare(baseline, candidate),
    compareSides: asked => comparisons.compareSides(asked),
    exportSides: async ({ sides, format }) => {
      const { exportComparison } = await import('../../findings/exports/exportComparison.ts')
      return exportComparison(await comparisons.compareSides({ asker: randomUUID(), sides }), format)
    },
    dropComparison: ({ asker }) => {
      comparisons.drop(asker)
      return {}
    },
  }
}
