import type { ParameterValues } from '../../contract/profile.ts'
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

/**
 * Flash storage behind one bus. Transfers are served one after the other; the latency of a request passes while
 * others are transferred, so a deep queue hides it.
 */
export class Storage {
  readonly #clock: Clock
  readonly #speed: StorageSpeed
  readonly #nsPerByte: number
  /** When the request in each place of the queue is done. */
  readonly #doneAtNs: Float64Array
  #busFreeAtNs = 0
  #requests = 0

  constructor(clock: Clock, speed: StorageSpeed) {
    this.#clock = clock
    this.#speed = speed
    this.#nsPerByte = 1e9 / speed.bytesPerSecond
    this.#doneAtNs = new Float64Array(speed.queueDepth)
  }

  /** Queues a read, split into requests; returns when its last byte is in memory. */
  submit(bytes: number, { slowdown = 1, scatteredBytes = 0 }: Transfer = {}): number {
    const { latencyNs, queueDepth, requestBytes, segmentNs } = this.#speed
    let scattered = scatteredBytes
    let doneAtNs = this.#clock.nowNs
    for (let left = bytes; left > 0; left -= requestBytes) {
      const place = this.#requests++ % queueDepth
      const part = Math.min(left, requestBytes)
      const segmentsNs = pagesOf(Math.min(scattered, part)) * segmentNs
      scattered = Math.max(0, scattered - part)
      const transferNs = Math.round(part * this.#nsPerByte * slowdown + segmentsNs)
      const startNs = Math.max(this.#clock.nowNs, this.#busFreeAtNs, this.#doneAtNs[place] ?? 0)
      this.#busFreeAtNs = startNs + transferNs
      doneAtNs = this.#busFreeAtNs + Math.round(latencyNs)
      this.#doneAtNs[place] = doneAtNs
    }
    return doneAtNs
  }
}
