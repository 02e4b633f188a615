import { type Clock, type Process, Signal } from './clock.ts'

export type Gather = { readonly index: number; readonly from: number; readonly to: number }

/** A gather that a reader has taken, and when it was put into the queue. */
type TakenGather = { readonly gather: Gather; readonly readyAtNs: number }

/** The gathers of a file, in order: allocated ones wait here for a reader, and readers wait here for them. */
export class GatherQueue {
  readonly #clock: Clock
  readonly #bytes: number
  readonly #gatherBytes: number
  readonly #ready: Signal
  readonly #readyAtNs: number[] = []
  #takenCount = 0

  constructor(clock: Clock, bytes: number, gatherBytes: number) {
    this.#clock = clock
    this.#bytes = bytes
    this.#gatherBytes = gatherBytes
    this.#ready = new Signal(clock)
  }

  get count(): number {
    return Math.ceil(this.#bytes / this.#gatherBytes)
  }

  gather(index: number): Gather {
    const from = index * this.#gatherBytes
    return { index, from, to: Math.min(from + this.#gatherBytes, this.#bytes) }
  }

  /** The next gather is allocated; readers that sleep wake up. */
  putNext(): void {
    this.#readyAtNs.push(this.#clock.nowNs)
    this.#ready.fire()
  }

  /** Sleeps until a gather is ready; `undefined` when all of them are taken. */
  *take(): Process<TakenGather | undefined> {
    for (;;) {
      if (this.#takenCount === this.count) return undefined
      const readyAtNs = this.#readyAtNs[this.#takenCount]
      if (readyAtNs !== undefined) {
        const gather = this.gather(this.#takenCount++)
        // The others that sleep would wait for ever once the last gather is gone.
        if (this.#takenCount === this.count) this.#ready.fire()
        return { gather, readyAtNs }
      }
      yield this.#ready
    }
  }
}

/** Counts running processes; `finished` sleeps until all of them have ended. */
export class Join {
  readonly #clock: Clock
  readonly #ended: Signal
  #running = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#ended = new Signal(clock)
  }

  start(process: Process): void {
    this.#running++
    this.#clock.start(this.#track(process))
  }

  *finished(): Process {
    while (this.#running > 0) yield this.#ended
  }

  *#track(process: Process): Process {
    yield process
    this.#running--
    this.#ended.fire()
  }
}
