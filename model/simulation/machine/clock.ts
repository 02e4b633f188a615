import { fail } from '../../../contract/error.ts'

/** A load that takes more steps is refused: it would hold its process for more than a moment. */
export const mostSteps = 2 ** 23

/** What a process waits for: a time on the virtual clock in ns, a signal, or the end of a process that it calls. */
export type Wait = number | Signal | Process
/**
 * What a simulated thread does. It calls another process with `yield`; with `yield*` only where that one returns
 * something, as every event inside would then pass through both.
 */
export type Process<T = void> = Generator<Wait, T, void>

/** The processes of a thread, the one at work last. */
type Thread = Process[]
type Wakeup = { readonly atNs: number; readonly order: number; readonly thread: Thread }

/** Something that threads sleep on; `fire` wakes all of them, in the order in which they went to sleep. */
export class Signal {
  readonly #clock: Clock
  #sleepers: Thread[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(sleeper: Thread): void {
    this.#sleepers.push(sleeper)
  }

  fire(): void {
    const woken = this.#sleepers
    this.#sleepers = []
    for (const thread of woken) this.#clock.schedule(thread, this.#clock.nowNs)
  }
}

/**
 * A virtual clock in integer nanoseconds. Events of the same time run in the order in which they were scheduled,
 * so the same threads always meet in the same way.
 */
export class Clock {
  nowNs = 0
  #order = 0
  #steps = 0
  /** A binary heap, the earliest event first. */
  readonly #wakeups: Wakeup[] = []

  /** A new thread that does what the process says. */
  start(process: Process): void {
    this.schedule([process], this.nowNs)
  }

  schedule(thread: Thread, atNs: number): void {
    this.#push({ atNs: Math.max(atNs, this.nowNs), order: this.#order++, thread })
  }

  /** Runs until no thread has anything left to wait for. A thread that sleeps on a signal for ever is left there. */
  run(): void {
    for (let wakeup = this.#pop(); wakeup !== undefined; wakeup = this.#pop()) {
      this.nowNs = wakeup.atNs
      this.#resume(wakeup.thread)
    }
  }

  /**
   * Counts steps of the simulation, before they are taken where there may be very many.
   * @throws LabFailure `bad-input` beyond {@link mostSteps}.
   */
  count(steps: number): void {
    this.#steps += steps
    if (this.#steps <= mostSteps) return
    fail(
      'bad-input',
      `this load takes more than ${mostSteps} steps to simulate`,
      'Choose a smaller file, or a larger gather, readahead window, pipe, request or pin batch.',
    )
  }

  #resume(thread: Thread): void {
    for (let process = thread.at(-1); process !== undefined; ) {
      this.count(1)
      const { done, value: wait } = process.next()
      if (done === true) {
        thread.pop()
        process = thread.at(-1)
      } else if (typeof wait === 'number') {
        if (this.#isAnotherFirst(wait)) {
          this.schedule(thread, wait)
          return
        }
        // Nobody else runs before this thread does: no need to go through the heap.
        this.nowNs = Math.max(this.nowNs, wait)
      } else if (wait instanceof Signal) {
        wait.add(thread)
        return
      } else {
        thread.push(wait)
        process = wait
      }
    }
  }

  #isAnotherFirst(atNs: number): boolean {
    const next = this.#wakeups[0]
    return next !== undefined && next.atNs <= atNs
  }

  #push(wakeup: Wakeup): void {
    const wakeups = this.#wakeups
    let at = wakeups.length
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = wakeups[parentAt]
      if (parent === undefined || isBefore(parent, wakeup)) break
      wakeups[at] = parent
      at = parentAt
    }
    wakeups[at] = wakeup
  }

  #pop(): Wakeup | undefined {
    const wakeups = this.#wakeups
    const first = wakeups[0]
    const last = wakeups.pop()
    if (first === undefined || last === undefined || wakeups.length === 0) return first
    let at = 0
    for (;;) {
      const leftAt = 2 * at + 1
      const left = wakeups[leftAt]
      if (left === undefined) break
      const right = wakeups[leftAt + 1]
      const [childAt, child] =
        right !== undefined && isBefore(right, left) ? [leftAt + 1, right] : [leftAt, left]
      if (isBefore(last, child)) break
      wakeups[at] = child
      at = childAt
    }
    wakeups[at] = last
    return first
  }
}

function isBefore(a: Wakeup, b: Wakeup): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order)
}
