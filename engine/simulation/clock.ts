/** What a process waits for: a time on the virtual clock in ns, or a signal. */
export type Wait = number | Signal
/** A simulated thread. Subroutines of a process are called with `yield*`. */
export type Process<T = void> = Generator<Wait, T, void>

type Wakeup = { readonly atNs: number; readonly order: number; readonly process: Process }

/** Something that processes sleep on; `fire` wakes all of them, in the order in which they went to sleep. */
export class Signal {
  readonly #clock: Clock
  #sleepers: Process[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(sleeper: Process): void {
    this.#sleepers.push(sleeper)
  }

  fire(): void {
    const woken = this.#sleepers
    this.#sleepers = []
    for (const process of woken) this.#clock.schedule(process, this.#clock.nowNs)
  }
}

/**
 * A virtual clock in integer nanoseconds. Events of the same time run in the order in which they were scheduled,
 * so the same processes always meet in the same way.
 */
export class Clock {
  nowNs = 0
  #order = 0
  /** A binary heap, the earliest event first. */
  readonly #wakeups: Wakeup[] = []

  start(process: Process): void {
    this.schedule(process, this.nowNs)
  }

  schedule(process: Process, atNs: number): void {
    this.#push({ atNs: Math.max(atNs, this.nowNs), order: this.#order++, process })
  }

  /** Runs until no process has anything left to wait for. A process that sleeps on a signal for ever is left there. */
  run(): void {
    for (let wakeup = this.#pop(); wakeup !== undefined; wakeup = this.#pop()) {
      this.nowNs = wakeup.atNs
      this.#resume(wakeup.process)
    }
  }

  #resume(process: Process): void {
    for (;;) {
      const step = process.next()
      if (step.done === true) return
      if (typeof step.value !== 'number') {
        step.value.add(process)
        return
      }
      const next = this.#wakeups[0]
      if (next !== undefined && next.atNs <= step.value) {
        this.schedule(process, step.value)
        return
      }
      // Nobody else runs before this process does: no need to go through the heap.
      this.nowNs = Math.max(this.nowNs, step.value)
    }
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
