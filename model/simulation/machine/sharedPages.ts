import { MiB } from '../../../contract/size.ts'
import { pagesOf } from './costs.ts'
import type { Device } from './device.ts'

export const hugePageBytes = 2 * MiB

/** Folios of shared memory that hold `bytes`. */
export function foliosOf(bytes: number, folioBytes: number): number {
  return Math.ceil(bytes / folioBytes)
}

/** ns to allocate and zero shared memory: a fault per folio, zeroing per page. */
export function shmemNs(device: Device, bytes: number, folioBytes: number): number {
  return pagesOf(bytes) * zeroPageNs(device) + unzeroedShmemNs(device, bytes, folioBytes)
}

/** Of the cost of a page of shared memory, what zeroing it is. */
function zeroPageNs({ costs }: Device): number {
  return Math.min(costs.heapZeroPageNs, costs.shmemPageNs)
}

/** The same where whole pages are written at once, which saves zeroing them. */
export function unzeroedShmemNs(device: Device, bytes: number, folioBytes: number): number {
  const folioNs = device.costs.shmemPageNs - zeroPageNs(device)
  return foliosOf(bytes, folioBytes) * folioNs + device.memory.reclaimNs(bytes)
}

/** When a thread that reaches the pages from `from` to `to` now has them in memory. */
export type TouchedAtNs = (from: number, to: number) => number

/** Every page is in memory already. */
export function populated({ clock }: Device): TouchedAtNs {
  return () => clock.nowNs
}

/** Pages that one thread brings in on its way, from `startNs` to `endNs`. */
type Stretch = {
  readonly from: number
  readonly to: number
  readonly startNs: number
  readonly endNs: number
}

/**
 * A shared memory file that one or two threads fill from its start. Whoever comes to a page first brings it in, at a
 * higher price where two are after the same pages; the other waits until it is there (a locked folio).
 */
export class SharedPages {
  readonly #device: Device
  readonly #folioBytes: number
  readonly #slowdown: number
  /** In the order of the file, without gaps. */
  readonly #stretches: Stretch[] = []

  constructor(device: Device, folioBytes: number, threads: 1 | 2 = 1) {
    this.#device = device
    this.#folioBytes = folioBytes
    this.#slowdown = threads === 2 ? device.costs.sharedFaultSlowdown : 1
  }

  readonly touchedAtNs: TouchedAtNs = (from, to) => {
    const { nowNs } = this.#device.clock
    const front = this.#stretches.at(-1)?.to ?? 0
    const readyNs = from < front ? Math.max(nowNs, this.#inMemoryAtNs(Math.min(to, front))) : nowNs
    if (to <= front) return readyNs
    const bytes = to - Math.max(from, front)
    const endNs = readyNs + Math.round(shmemNs(this.#device, bytes, this.#folioBytes) * this.#slowdown)
    this.#stretches.push({ from: to - bytes, to, startNs: readyNs, endNs })
    return endNs
  }

  /** When everything before `to`, which somebody has come to, is in memory. */
  #inMemoryAtNs(to: number): number {
    const { from, to: end, startNs, endNs } = this.#stretchWith(to)
    return startNs + Math.round(((endNs - startNs) * (to - from)) / (end - from))
  }

  /** The one with the last byte before `to`. The threads may be far apart. */
  #stretchWith(to: number): Stretch {
    let low = 0
    let high = this.#stretches.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#stretches[middle]?.to ?? to) < to) low = middle + 1
      else high = middle
    }
    const found = this.#stretches[low]
    if (found === undefined) throw new RangeError(`nobody has come to byte ${to} yet`)
    return found
  }
}
