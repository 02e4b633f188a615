import { createStore } from '../base/store.ts'

/** Counts how often Start was asked for by key; the Bench view answers. */
export const startRequests = createStore(0)

export function requestStart(): void {
  startRequests.set(count => count + 1)
}
