import type { RunSummary } from '../../contract/run.ts'
import { createStore } from '../base/store.ts'

/** The runs on the right side of the bench: those last started, from here, another tab or before a reload. */
export const shownRuns = createStore<readonly number[]>([])

export function showRuns(runIds: readonly number[]): void {
  shownRuns.set(() => runIds)
}

/** Shows what was started elsewhere; it stays in sight when it has ended, until something newer is started. */
export function showAlso(running: readonly RunSummary[]): void {
  shownRuns.set(shown => {
    const runIds = running.map(run => run.id)
    if (runIds.every(runId => shown.includes(runId))) return shown
    return [
      ...shown.filter(runId => runIds.includes(runId)),
      ...runIds.filter(runId => !shown.includes(runId)),
    ]
  })
}
