import { useEffect, useState } from 'react'
import type { StoredSample } from '../../contract/sample.ts'
import { createStore, useStore } from '../base/store.ts'
import { useSetting } from '../base/useRoute.ts'
import { lab } from '../lab/lab.ts'
import { type Pin, type PinPlace, pinsIn, textOfPins } from './pinPlaces.ts'

/** Samples held side by side, from any run, until they are let go. */
export const pinStore = createStore<readonly Pin[]>([])

export function pinSample(runId: number, sample: StoredSample): void {
  pinStore.set(pins => (pins.some(pin => pin.sample.id === sample.id) ? pins : [...pins, { runId, sample }]))
}

export function unpinSample(sampleId: number): void {
  pinStore.set(pins => pins.filter(pin => pin.sample.id !== sampleId))
}

/** Keeps the pins in the address, and brings those back that it came with; one that is gone is left out. */
export function useAddressedPins(): void {
  const [text, setText] = useSetting('pins')
  const [isBroughtBack, setBroughtBack] = useState(false)
  const pins = useStore(pinStore, all => all)
  useEffect(() => {
    let current = true
    void bringBack(pinsIn(text)).then(() => {
      if (current) setBroughtBack(true)
    })
    return () => {
      current = false
    }
  }, [text])
  useEffect(() => {
    if (isBroughtBack) setText(textOfPins(pins))
  }, [isBroughtBack, pins, setText])
}

async function bringBack(places: readonly PinPlace[]): Promise<void> {
  const pinned = new Set(pinStore.get().map(({ sample }) => sample.id))
  const lacking = places.filter(({ sampleId }) => !pinned.has(sampleId))
  const runIds = [...new Set(lacking.map(({ runId }) => runId))]
  const details = await Promise.all(runIds.map(runId => lab.runs.get({ runId })))
  for (const { runId, sampleId } of lacking) {
    const outcome = details[runIds.indexOf(runId)]
    const sample = outcome?.ok ? outcome.value.samples.find(({ id }) => id === sampleId) : undefined
    if (sample !== undefined) pinSample(runId, sample)
  }
}
