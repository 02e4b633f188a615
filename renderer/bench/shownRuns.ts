import { createStore } from '../app/store.ts'

/** The runs on the right side of the bench: those last started from here. */
export const shownRuns = createStore<readonly number[]>([])

export function showRuns(runIds: readonly number[]): void {
  shownRuns.set(() => runIds)
}
