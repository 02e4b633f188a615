import { MiB } from '../../contract/size.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'

export const hugePageBytes = 2 * MiB

/** Folios of shared memory that hold `bytes`. */
export function foliosOf(bytes: number, hugePages: boolean): number {
  return hugePages ? Math.ceil(bytes / hugePageBytes) : pagesOf(bytes)
}

/** ns to allocate and zero shared memory: a fault per folio, zeroing per page. */
export function shmemNs(device: Device, bytes: number, hugePages: boolean): number {
  const { heapZeroPageNs, shmemPageNs } = device.costs
  const zeroNs = Math.min(heapZeroPageNs, shmemPageNs)
  const faultNs = shmemPageNs - zeroNs
  return pagesOf(bytes) * zeroNs + foliosOf(bytes, hugePages) * faultNs + device.memory.reclaimNs(bytes)
}

/** A shared memory file that two threads fill from its start; whoever touches a page first pays for it. */
export class SharedPages {
  readonly #device: Device
  readonly #hugePages: boolean
  #populatedBytes = 0

  constructor(device: Device, hugePages: boolean) {
    this.#device = device
    this.#hugePages = hugePages
  }

  /** ns that a touch of the pages from `from` to `to` costs now. */
  touchNs(from: number, to: number): number {
    const start = Math.max(from, this.#populatedBytes)
    if (to <= start) return 0
    this.#populatedBytes = to
    return shmemNs(this.#device, to - start, this.#hugePages)
  }
}
