import type { ParameterValues } from '../../contract/profile.ts'
import type { Clock } from './clock.ts'

export type StorageSpeed = {
  readonly bytesPerSecond: number
  readonly latencyNs: number
  readonly queueDepth: number
  readonly requestBytes: number
}

export function storageSpeed(costs: ParameterValues): StorageSpeed {
  return {
    bytesPerSecond: costs.storageBytesPerSecond,
    latencyNs: costs.storageLatencyNs,
    queueDepth: costs.storageQueueDepth,
    requestBytes: costs.storageRequestBytes,
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
  submit(bytes: number, slowdown = 1): number {
    const { latencyNs, queueDepth, requestBytes } = this.#speed
    let doneAtNs = this.#clock.nowNs
    for (let left = bytes; left > 0; left -= requestBytes) {
      const place = this.#requests++ % queueDepth
      const transferNs = Math.round(Math.min(left, requestBytes) * this.#nsPerByte * slowdown)
      const startNs = Math.max(this.#clock.nowNs, this.#busFreeAtNs, this.#doneAtNs[place] ?? 0)
      this.#busFreeAtNs = startNs + transferNs
      doneAtNs = this.#busFreeAtNs + Math.round(latencyNs)
      this.#doneAtNs[place] = doneAtNs
    }
    return doneAtNs
  }
}
