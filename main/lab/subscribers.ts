import type { EventName, EventPayload } from '../../contract/calls.ts'
import type { RunStore } from '../../db/runStore.ts'

type Listeners = { readonly [E in EventName]: Set<(payload: EventPayload<E>) => void> }

/** Who listens to what. One listener's failure neither stops the others nor the measurement. */
export class Subscribers {
  readonly #listeners: Listeners = {
    runChanged: new Set(),
    runEnded: new Set(),
    runDeleted: new Set(),
    ledgerChanged: new Set(),
    comparisonProgress: new Set(),
    sampleStored: new Set(),
    runProgress: new Set(),
    targetsChanged: new Set(),
    noticesChanged: new Set(),
    linkChanged: new Set(),
  }

  /** Returns the unsubscribe. */
  add<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const listeners: Set<(payload: EventPayload<E>) => void> = this.#listeners[event]
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }

  /** How a run stands now; of a damaged one there is nothing to tell but that, which the list does. */
  tellRun(runs: RunStore, runId: number): void {
    if (!runs.getSummary(runId).damaged) this.tell('runChanged', runs.getState(runId))
  }

  tell<E extends EventName>(event: E, payload: EventPayload<E>): void {
    const listeners: Set<(payload: EventPayload<E>) => void> = this.#listeners[event]
    for (const listener of [...listeners]) {
      try {
        listener(payload)
      } catch (error) {
        process.emitWarning(`a subscriber of ${event} failed: ${String(error)}`)
      }
    }
  }
}
