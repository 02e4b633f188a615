import { type Clock, type Process, Signal } from './clock.ts'

export type Gather = { readonly index: number; readonly bytes: number }

/** The gathers of a file, in order: allocated ones wait here for a reader, and readers wait here for them. */
export class GatherQueue {
  readonly #bytes: number
  readonly #gatherBytes: number
  readonly #ready: Signal
  #readyCount = 0
  #takenCount = 0

  constructor(clock: Clock, bytes: number, gatherBytes: number) {
    this.#bytes = bytes
    this.#gatherBytes = gatherBytes
    this.#ready = new Signal(clock)
  }

  get count(): number {
    return Math.ceil(this.#bytes / this.#gatherBytes)
  }

  gather(index: number): Gather {
    return { index, bytes: Math.min(this.#gatherBytes, this.#bytes - index * this.#gatherBytes) }
  }

  /** The next gather is allocated; readers that sleep wake up. */
  putNext(): void {
    this.#readyCount++
    this.#ready.fire()
  }

  /** Sleeps until a gather is ready; `undefined` when all of them are taken. */
  *take(): Process<Gather | undefined> {
    while (this.#takenCount === this.#readyCount) {
      if (this.#takenCount === this.count) return undefined
      yield this.#ready
    }
    const gather = this.gather(this.#takenCount++)
    // The others that sleep would wait for ever once the last gather is gone.
    if (this.#takenCount === this.count) this.#ready.fire()
    return gather
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
