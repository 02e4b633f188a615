import type { GatherRequest, PredictionRequest } from '../../contract/model.ts'
import { defaultGatherBytes } from '../../contract/plan.ts'
import type { Profile } from '../../contract/profile.ts'
import { type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { GiB, KiB } from '../../contract/size.ts'
import { createStore, useStore } from '../base/store.ts'

/** Where the sliders stand. `null`: where the profile has it. */
export type Knobs = {
  readonly profile: string
  readonly storageBytesPerSecond: number | null
  readonly storageLatencyNs: number | null
  readonly allocBytesPerSecond: number | null
  readonly gatherBytes: number
  readonly readers: number
  readonly fileBytes: number
  readonly pressureBytes: number
  readonly schemes: readonly SchemeId[]
  /** The scheme whose gather size is swept. */
  readonly swept: SchemeId
}

const untouched: Omit<Knobs, 'profile' | 'schemes' | 'swept'> = {
  storageBytesPerSecond: null,
  storageLatencyNs: null,
  allocBytesPerSecond: null,
  gatherBytes: defaultGatherBytes(3 * GiB),
  readers: 1,
  fileBytes: 3 * GiB,
  pressureBytes: 0,
}

const store = createStore<Knobs>({
  ...untouched,
  profile: 'ufs4-phone-2024',
  schemes: ['normal', 'udmabuf-direct', 'udmabuf-async-direct', 'read-sync-direct', 'read-async-direct'],
  swept: 'read-async-direct',
})

export const useKnobs = () => useStore(store, knobs => knobs)

export function turn(differences: Partial<Knobs>): void {
  store.set(knobs => ({ ...knobs, ...differences }))
}

export function resetKnobs(): void {
  turn(untouched)
}

const pageBytes = 4096

/** How fast a profile allocates: bytes of zeroed heap memory per second. */
export function allocationRate(profile: Profile): number {
  return (pageBytes / profile.parameters.heapZeroPageNs.value) * 1e9
}

/** The profile's parameters that the sliders replace. Shared memory follows the heap's allocation rate. */
export function whatIfOf(knobs: Knobs, profile: Profile): Record<string, number> {
  const { storageBytesPerSecond, storageLatencyNs, allocBytesPerSecond } = knobs
  const whatIf: Record<string, number> = {}
  if (storageBytesPerSecond !== null) whatIf.storageBytesPerSecond = storageBytesPerSecond
  if (storageLatencyNs !== null) whatIf.storageLatencyNs = storageLatencyNs
  if (allocBytesPerSecond !== null) {
    const slower = allocationRate(profile) / allocBytesPerSecond
    whatIf.heapZeroPageNs = profile.parameters.heapZeroPageNs.value * slower
    whatIf.shmemPageNs = profile.parameters.shmemPageNs.value * slower
  }
  return whatIf
}

const smallestCurveBytes = 512 * KiB
const sizeStep = 4

/** The sizes of the curves: from 512 KiB in steps of four up to the file, the file last. None is too near to the file's. */
export function curveSizes(fileBytes: number): number[] {
  const sizes: number[] = []
  for (let bytes = smallestCurveBytes; bytes <= fileBytes / 2; bytes *= sizeStep) sizes.push(bytes)
  return [...sizes, fileBytes]
}

export function predictionRequest(knobs: Knobs, profile: Profile): PredictionRequest {
  const { readers, pressureBytes, schemes, gatherBytes, fileBytes } = knobs
  return {
    profile: profile.name,
    whatIf: whatIfOf(knobs, profile),
    readers,
    pressureBytes,
    schemes: [...schemes],
    sizesBytes: curveSizes(fileBytes),
    gatherBytes: Math.min(gatherBytes, fileBytes),
  }
}

export function gatherRequest(knobs: Knobs, profile: Profile): GatherRequest {
  const { readers, pressureBytes, fileBytes, swept } = knobs
  return {
    profile: profile.name,
    whatIf: whatIfOf(knobs, profile),
    readers,
    pressureBytes,
    scheme: swept,
    bytes: fileBytes,
  }
}

export function hasGathers(scheme: SchemeId): boolean {
  return schemeOf(scheme).overlap === 'gather'
}
