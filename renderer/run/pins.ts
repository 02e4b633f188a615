import type { StoredSample } from '../../contract/sample.ts'
import { createStore } from '../base/store.ts'

export type Pin = { readonly runId: number; readonly sample: StoredSample }

/** Samples held side by side, from any run, until they are let go. */
export const pinStore = createStore<readonly Pin[]>([])

export function pinSample(runId: number, sample: StoredSample): void {
  pinStore.set(pins => (pins.some(pin => pin.sample.id === sample.id) ? pins : [...pins, { runId, sample }]))
}

export function unpinSample(sampleId: number): void {
  pinStore.set(pins => pins.filter(pin => pin.sample.id !== sampleId))
}
