import type { ParameterValues } from '../../../contract/profile.ts'
import type { Clock } from './clock.ts'
import { pagesOf } from './costs.ts'

export type StorageSpeed = {
  readonly bytesPerSecond: number
  readonly latencyNs: number
  readonly queueDepth: number
  readonly requestBytes: number
  /** What a physical page that adjoins no other costs on top of its bytes. */
  readonly segmentNs: number
}

export type Transfer = {
  /** How much longer than at full speed the bytes take. */
  readonly slowdown?: number
  /** So much of it, from its start, goes to pages that adjoin nothing. */
  readonly scatteredBytes?: number
}

export function storageSpeed(costs: ParameterValues): StorageSpeed {
  return {
    bytesPerSecond: costs.storageBytesPerSecond,
    latencyNs: costs.storageLatencyNs,
    queueDepth: costs.storageQueueDepth,
    requestBytes: costs.storageRequestBytes,
    segmentNs: costs.segmentNs,
  }
}

/** So many requests cost as much as one step of a process. */
const requestsPerStep = 64

/**
 * Flash storage behind one bus. Transfers are served one after the other; the latency of a request passes while
 * others are transferred, so a deep queue hides it.
 */
export class Storage {
  readonly #clock: Clock
  readonly #speed: StorageSpeed
  readonly #latencyNs: number
  /** When the request in each slot of the queue is done. */
  readonly #doneAtNs: Float64Array
  /** Of the queue, that the next request takes. */
  #slot = 0
  #busFreeAtNs = 0

  constructor(clock: Clock, speed: StorageSpeed) {
    this.#clock = clock
    this.#speed = speed
    this.#latencyNs = Math.round(speed.latencyNs)
    this.#doneAtNs = new Float64Array(speed.queueDepth)
  }

  /** Queues a read, split into requests; returns when its last byte is in memory. */
  submit(bytes: number, { slowdown = 1, scatteredBytes = 0 }: Transfer = {}): number {
    const { bytesPerSecond, requestBytes, segmentNs } = this.#speed
    const byteNs = (1e9 / bytesPerSecond) * slowdown
    const requestNs = Math.round(requestBytes * byteNs)
    let doneAtNs = this.#clock.nowNs
    let left = bytes
    for (let scattered = scatteredBytes; scattered > 0; scattered -= requestBytes) {
      const part = Math.min(left, requestBytes)
      const segments = pagesOf(Math.min(scattered, part))
      doneAtNs = this.#transfer(Math.round(part * byteNs + segments * segmentNs), 1)
      left -= part
    }
    const whole = Math.floor(left / requestBytes)
    if (whole > 0) doneAtNs = this.#transfer(requestNs, whole)
    left -= whole * requestBytes
    return left > 0 ? this.#transfer(Math.round(left * byteNs), 1) : doneAtNs
  }

  /** So many requests of the same length; returns when the last is done. A large file has thousands: a tight loop. */
  #transfer(transferNs: number, count: number): number {
    this.#clock.count(Math.ceil(count / requestsPerStep))
    const ring = this.#doneAtNs
    const latencyNs = this.#latencyNs
    let slot = this.#slot
    let busNs = Math.max(this.#clock.nowNs, this.#busFreeAtNs)
    for (let request = 0; request < count; request++) {
      const slotFreeNs = ring[slot] ?? 0
      busNs = Math.max(slotFreeNs, busNs) + transferNs
      ring[slot] = busNs + latencyNs
      slot = slot + 1 === ring.length ? 0 : slot + 1
    }
    this.#slot = slot
    this.#busFreeAtNs = busNs
    return busNs + latencyNs
  }
}
