import type { Clock } from './clock.ts'

/** The CPU cores. Work goes, first come first served, to the core that is free first. */
export class Cores {
  readonly #clock: Clock
  readonly #freeAtNs: number[]

  constructor(clock: Clock, count: number) {
    this.#clock = clock
    this.#freeAtNs = new Array<number>(count).fill(0)
  }

  /** Takes a core for `ns`, now or as soon as one is free; returns when the work is done. */
  work(ns: number): number {
    const freeAtNs = this.#freeAtNs
    let core = 0
    let earliestNs = freeAtNs[0] ?? 0
    for (let other = 1; earliestNs > this.#clock.nowNs && other < freeAtNs.length; other++) {
      const otherNs = freeAtNs[other] ?? 0
      if (otherNs >= earliestNs) continue
      core = other
      earliestNs = otherNs
    }
    const endNs = Math.max(earliestNs, this.#clock.nowNs) + Math.round(ns)
    freeAtNs[core] = endNs
    return endNs
  }
}
