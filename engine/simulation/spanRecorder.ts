import type { Phase, Span } from '../../contract/sample.ts'
import type { Clock } from './clock.ts'

/** Where an interval belongs: `allocator`, `reader-0` or `caller`, and what is done there. */
export type SpanPlace = {
  readonly lane: string
  readonly phase: Phase
  readonly bytes: number
  readonly gather: number | null
}

/** A sample with more intervals keeps its first ones; its times still count every interval. */
export const maxSpans = 4096

/** Keeps a load's spans and adds up its phases as they end. */
export class SpanRecorder {
  readonly spans: Span[] = []
  /** Time in which at least one span of the phase was open. */
  readonly busyNs = new Map<Phase, number>()
  /** The first gather's part of the alloc phase; `null` without gathers. */
  firstGatherNs: number | null = null
  leftOut = 0
  readonly #clock: Clock
  readonly #mostSpans: number
  readonly #open = new Map<Phase, { count: number; sinceNs: number }>()

  constructor(clock: Clock, mostSpans: number) {
    this.#clock = clock
    this.#mostSpans = mostSpans
  }

  /** Starts an interval; the returned function ends it. */
  begin(place: SpanPlace): () => void {
    const startNs = this.#clock.nowNs
    const open = this.#openOf(place.phase)
    if (open.count++ === 0) open.sinceNs = startNs
    return () => {
      const endNs = this.#clock.nowNs
      if (--open.count === 0) {
        this.busyNs.set(place.phase, (this.busyNs.get(place.phase) ?? 0) + endNs - open.sinceNs)
      }
      if (place.phase === 'alloc' && place.gather === 0) this.firstGatherNs = endNs - startNs
      this.#keep(place, startNs, endNs)
    }
  }

  /** A sleep since `startNs` that ends now. A sleep of no length is none. */
  addWait(lane: string, gather: number | null, startNs: number): void {
    const endNs = this.#clock.nowNs
    if (endNs > startNs) this.#keep({ lane, phase: 'wait', bytes: 0, gather }, startNs, endNs)
  }

  #keep(place: SpanPlace, startNs: number, endNs: number): void {
    if (this.spans.length < this.#mostSpans) this.spans.push({ ...place, startNs, endNs })
    else this.leftOut++
  }

  #openOf(phase: Phase) {
    const known = this.#open.get(phase)
    if (known !== undefined) return known
    const open = { count: 0, sinceNs: 0 }
    this.#open.set(phase, open)
    return open
  }
}
