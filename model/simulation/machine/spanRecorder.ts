import type { Phase, Span } from '../../../contract/sample.ts'
import type { Clock } from './clock.ts'

/** Where an interval belongs: `allocator`, `reader-0` or `caller`, and what is done there. */
export type SpanWork = {
  readonly lane: string
  readonly phase: Phase
  readonly bytes: number
  readonly gather: number | null
}

/** A sample with more intervals keeps its first ones; its times still count every interval. */
export const maxSpans = 4096

/** How many spans of a phase are open, since when at least one is, and for how long one was before. */
type PhaseTime = { open: number; sinceNs: number; busyNs: number }

/** Keeps a load's spans and adds up its phases as they end. */
export class SpanRecorder {
  readonly spans: Span[] = []
  /** The first gather's part of the alloc phase; `null` without gathers. */
  firstGatherNs: number | null = null
  leftOut = 0
  readonly #clock: Clock
  readonly #mostSpans: number
  readonly #phases = new Map<Phase, PhaseTime>()

  constructor(clock: Clock, mostSpans: number) {
    this.#clock = clock
    this.#mostSpans = mostSpans
  }

  /** Time in which at least one span of the phase was open; `null` where there was none. */
  busyNs(phase: Phase): number | null {
    return this.#phases.get(phase)?.busyNs ?? null
  }

  /** Starts an interval; the returned function ends it. */
  begin(work: SpanWork): () => void {
    const startNs = this.#clock.nowNs
    const phase = this.#phaseOf(work.phase)
    if (phase.open++ === 0) phase.sinceNs = startNs
    return () => {
      const endNs = this.#clock.nowNs
      if (--phase.open === 0) phase.busyNs += endNs - phase.sinceNs
      if (work.phase === 'alloc' && work.gather === 0) this.firstGatherNs = endNs - startNs
      this.#keep(work, startNs, endNs)
    }
  }

  /** A sleep since `startNs` that ends now. A sleep of no length is none. */
  addWait(lane: string, gather: number | null, startNs: number): void {
    const endNs = this.#clock.nowNs
    if (endNs > startNs) this.#keep({ lane, phase: 'wait', bytes: 0, gather }, startNs, endNs)
  }

  #keep(work: SpanWork, startNs: number, endNs: number): void {
    if (this.spans.length < this.#mostSpans) this.spans.push({ ...work, startNs, endNs })
    else this.leftOut++
  }

  #phaseOf(phase: Phase): PhaseTime {
    const known = this.#phases.get(phase)
    if (known !== undefined) return known
    const time = { open: 0, sinceNs: 0, busyNs: 0 }
    this.#phases.set(phase, time)
    return time
  }
}
