import { setTimeout as sleep } from 'node:timers/promises'
import { LabFailure } from '../../contract/error.ts'

const retryMs = 200

/** Another lab has the database just now. That passes. */
export function isBusy(thrown: unknown): boolean {
  return thrown instanceof LabFailure && thrown.kind === 'busy'
}

/** Tries until the database is free, at most `patienceMs`. @throws what `work` throws otherwise. */
export async function whileBusy<T>(patienceMs: number, work: () => T): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return work()
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() > deadline) throw thrown
      await sleep(retryMs)
    }
  }
}

/** Hands items to `take` in their order. One for which the database is busy waits, and the ones behind it, too. */
export class PatientQueue<T> {
  readonly #take: (item: T) => void
  readonly #onFailure: (thrown: unknown) => void
  readonly #waiting: T[] = []
  #timer: NodeJS.Timeout | undefined

  /** `onFailure`: called for a failure that does not pass, unless it comes at once: then `push` throws it. */
  constructor(take: (item: T) => void, onFailure: (thrown: unknown) => void) {
    this.#take = take
    this.#onFailure = onFailure
  }

  push(item: T): void {
    this.#waiting.push(item)
    if (this.#timer === undefined) this.#drain()
  }

  /** Takes what still waits. @throws `busy` after `patienceMs`, or what `take` throws. */
  async drained(patienceMs: number): Promise<void> {
    clearTimeout(this.#timer)
    await whileBusy(patienceMs, () => this.#takeAll())
  }

  #drain(): void {
    this.#timer = undefined
    try {
      this.#takeAll()
    } catch (thrown) {
      if (!isBusy(thrown)) throw thrown
      this.#timer = setTimeout(() => this.#drainLater(), retryMs)
    }
  }

  #drainLater(): void {
    try {
      this.#drain()
    } catch (thrown) {
      this.#onFailure(thrown)
    }
  }

  #takeAll(): void {
    for (const item of [...this.#waiting]) {
      this.#take(item)
      this.#waiting.shift()
    }
  }
}
