import { exampleDetail } from '../../db/fixtures/exampleDetail.ts'
import { exampleIdentity, exampleSample, exampleSpans } from '../../db/fixtures/exampleRun.ts'
import { openStore, type Store } from '../../db/openStore.ts'
import { baselineChange } from '../../findings/baselineChange.ts'
import { runDigest } from '../../findings/runDigest.ts'

/** What the ledger of such a history is asked for: each kind of term. */
export const historyFilters = [
  'gather -name:second note:kept tag:night',
  'is:baseline status:finished kernel:6.18 size:8MiB scheme:memfd-direct device:local date:2026',
  '-is:slower -is:faster -is:simulated',
]

/** Makes a small history with rows of every kind in every table, and pages of every kind below them. */
export function storeHistory(file: string): void {
  const store = openStore(file)
  const first = storeRun(store, 0.6, 24)
  const second = storeRun(store, 0.5, 3)
  const failed = storeRun(store, 0.4, 2)
  const discarded = storeRun(store, 0.7, 2)
  const deleted = storeRun(store, 0.7, 2)
  const gone = storeRun(store, 0.7, 20)
  store.runs.labelRuns([first], {
    name: 'the first',
    note: 'is kept to compare with',
    addTags: ['night', 'cold'],
  })
  store.runs.labelRuns([second], { addTags: ['night'] })
  store.ledger.pin(first)
  for (const runId of [first, second, failed]) digest(store, runId)
  for (const runId of [second, failed]) {
    const change = baselineChange(
      { ...store.ledger.cellsOf(runId) },
      { id: first, cells: store.ledger.cellsOf(first).cells },
    )
    store.ledger.storeChange({ runId, baseline: first }, change)
  }
  store.runs.discardRuns([discarded])
  store.runs.deleteRun(gone)
  // Its pages become free ones.
  while (store.runs.deleteSlice());
  store.runs.deleteRun(deleted)
  store.runs.claimForCeiling('local')
  store.close()
}

function digest(store: Store, runId: number): void {
  const { changedAt } = { changedAt: store.ledger.taskOf(runId).answer ?? '' }
  store.ledger.storeDigest(runId, changedAt, runDigest(store.runs.getRun(runId)))
}

function storeRun(store: Store, factor: number, samples: number): number {
  const { run, samples: all } = exampleDetail(factor)
  const { id } = store.runs.createRun({ plan: run.plan, labVersion: run.labVersion, title: 'test machine' })
  store.runs.setStarted(id, { ...run, identity: exampleIdentity })
  for (const { id: _, index: __, ...sample } of all.slice(0, samples))
    store.runs.addSample(id, sample, exampleSpans(4))
  if (samples === 2) {
    const failed = exampleSample({
      bytes: 64 * 2 ** 20,
      repeat: 4,
      status: 'failed',
      reason: 'EIO',
      totalNs: null,
    })
    store.runs.addSample(id, failed, [])
  }
  const status = samples === 24 ? 'finished' : 'interrupted'
  store.runs.endRun(id, {
    status,
    reason: status === 'finished' ? '' : 'stopped',
    capabilitiesAfter: run.capabilitiesAfter,
  })
  return id
}
