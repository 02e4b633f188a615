import type { HugePageSize } from '../../../contract/plan.ts'
import { parseSize } from '../../../contract/size.ts'
import type { Process } from '../machine/clock.ts'
import { pageBytes } from '../machine/costs.ts'
import type { Device } from '../machine/device.ts'
import { noneScattered, type ScatteredStart } from '../machine/scatteredPages.ts'
import { hugePageBytes } from '../machine/sharedPages.ts'

/** What a scheme is asked to load. */
export type LoadShape = {
  readonly bytes: number
  readonly gatherBytes: number
  readonly readers: number
  /** The buffer's memory comes in huge pages where it is shared memory: of 2 MiB, or of the size told. */
  readonly hugePages: boolean
  readonly hugePageSize?: HugePageSize | null
}

/** Of the load's shared memory. A page of the pool is one of 2 MiB: what reserving it costs comes before the load. */
export function folioBytesOf({ hugePages, hugePageSize = null }: LoadShape): number {
  if (!hugePages) return pageBytes
  return hugePageSize === null || hugePageSize === 'hugetlb' ? hugePageBytes : parseSize(hugePageSize)
}

/** A scheme as a process: it ends when the buffer is ready. */
export type SchemeProcess = (device: Device, load: LoadShape) => Process

export const callerLane = 'caller'
export const allocatorLane = 'allocator'

/** Lanes are roles: in a serial load one thread plays all of them, one after the other. */
const laneOfPhase = {
  open: callerLane,
  map: callerLane,
  alloc: allocatorLane,
  create: allocatorLane,
  read: 'reader-0',
  copy: 'reader-0',
} as const

export function readerLane(reader: number): string {
  return `reader-${reader}`
}

/** A phase over the whole file, in the lane that plays it. */
export function wholePhase(
  device: Device,
  phase: keyof typeof laneOfPhase,
  bytes: number,
  part: Process,
): Process {
  return device.span({ lane: laneOfPhase[phase], phase, bytes, gather: null }, part)
}

/** The file and the buffer's device, opened by the caller. */
export function open(device: Device, ns: number): Process {
  return wholePhase(device, 'open', 0, cpu(device, ns))
}

export function* cpu(device: Device, ns: number): Process {
  yield device.work(ns)
}

/** A heap asks for whole chunks, so the page cache of its load has the scattered pages to itself. */
export function cacheOfHeapLoad({ costs }: Device): ScatteredStart {
  return { bytes: costs.scatteredFreeBytes }
}

/** A huge page is allocated as one run, past the single pages that lie about. */
export function scatteredOfShmem({ costs }: Device, hugePages: boolean): ScatteredStart {
  return hugePages ? noneScattered : { bytes: costs.scatteredFreeBytes }
}

/** The page cache's part where shared memory of `shmemBytes` was allocated before the file is read. */
export function cacheAfterShmem(device: Device, hugePages: boolean, shmemBytes: number): ScatteredStart {
  const taken = Math.min(shmemBytes, scatteredOfShmem(device, hugePages).bytes)
  return { bytes: device.costs.scatteredFreeBytes - taken }
}

/** The page cache's part where it grows beside the shared memory, once that is `aheadBytes` ahead: they take turns. */
export function cacheBesideShmem(device: Device, hugePages: boolean, aheadBytes: number): ScatteredStart {
  const { bytes } = cacheAfterShmem(device, hugePages, aheadBytes)
  return hugePages ? { bytes } : { bytes: bytes / 2 }
}
