import { useEffect, useState } from 'react'
import type { StoredSample } from '../../contract/sample.ts'
import { createStore, useStore } from '../base/store.ts'
import { useSetting } from '../base/useRoute.ts'
import { lab } from '../lab/lab.ts'

export type Pin = { readonly runId: number; readonly sample: StoredSample }

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

type PinPlace = { readonly runId: number; readonly sampleId: number }
/** An address that names more was not made by a person. */
const mostPins = 20

/** `12.345_13.400`: samples 345 of run 12 and 400 of run 13; what is no place is passed over. */
export function pinsIn(text: string): PinPlace[] {
  const places = [...text.matchAll(/(?<![^_])([1-9]\d{0,14})\.([1-9]\d{0,14})(?![^_])/g)]
  return places
    .slice(0, mostPins)
    .map(([, run, sample]) => ({ runId: Number(run), sampleId: Number(sample) }))
}

export function textOfPins(pins: readonly Pin[]): string {
  return pins.map(({ runId, sample }) => `${runId}.${sample.id}`).join('_')
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
