import { MiB } from '../../../contract/size.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'
import type { TouchNs } from './directRead.ts'

export const hugePageBytes = 2 * MiB

/** Folios of shared memory that hold `bytes`. */
export function foliosOf(bytes: number, hugePages: boolean): number {
  return hugePages ? Math.ceil(bytes / hugePageBytes) : pagesOf(bytes)
}

/** ns to allocate and zero shared memory: a fault per folio, zeroing per page. */
function shmemNs(device: Device, bytes: number, hugePages: boolean): number {
  return pagesOf(bytes) * zeroPageNs(device) + unzeroedShmemNs(device, bytes, hugePages)
}

/** Of the cost of a page of shared memory, what zeroing it is. */
function zeroPageNs({ costs }: Device): number {
  return Math.min(costs.heapZeroPageNs, costs.shmemPageNs)
}

/** The same where whole pages are written at once, which saves zeroing them. */
export function unzeroedShmemNs(device: Device, bytes: number, hugePages: boolean): number {
  const folioNs = device.costs.shmemPageNs - zeroPageNs(device)
  return foliosOf(bytes, hugePages) * folioNs + device.memory.reclaimNs(bytes)
}

/** Takes memory for the buffer. A huge page is allocated as one run, past the single pages that lie about. */
export function takeShmem(device: Device, bytes: number, hugePages: boolean): void {
  if (!hugePages) device.scattered.takeForBuffer(bytes)
}

/** Takes it, and returns what `shmemNs` says of it. */
export function allocateShmem(device: Device, bytes: number, hugePages: boolean): number {
  takeShmem(device, bytes, hugePages)
  return shmemNs(device, bytes, hugePages)
}

/**
 * A shared memory file that one or two threads fill from its start; whoever touches a page first pays for it, and more
 * where the two are after the same pages.
 */
export class SharedPages {
  readonly #device: Device
  readonly #hugePages: boolean
  readonly #slowdown: number
  #populatedBytes = 0

  constructor(device: Device, hugePages: boolean, threads: 1 | 2 = 1) {
    this.#device = device
    this.#hugePages = hugePages
    this.#slowdown = threads === 2 ? device.costs.sharedFaultSlowdown : 1
  }

  /** ns that a touch of the pages from `from` to `to` costs now. */
  readonly touchNs: TouchNs = (from, to) => {
    const start = Math.max(from, this.#populatedBytes)
    if (to <= start) return 0
    this.#populatedBytes = to
    return allocateShmem(this.#device, to - start, this.#hugePages) * this.#slowdown
  }
}
