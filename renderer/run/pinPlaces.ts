import type { StoredSample } from '../../contract/sample.ts'

export type Pin = { readonly runId: number; readonly sample: StoredSample }

export type PinPlace = { readonly runId: number; readonly sampleId: number }
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
