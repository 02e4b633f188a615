import { type Phase, phases, type Span } from '../../contract/sample.ts'

const laneOrder = ['caller', 'allocator']

/** Lanes from top to bottom: caller, allocator, then readers by number. */
export function lanesOf(spans: readonly Span[]): string[] {
  return inLaneOrder([...new Set(spans.map(span => span.lane))])
}

export function inLaneOrder(lanes: readonly string[]): string[] {
  return lanes.toSorted((a, b) => rankOf(a) - rankOf(b))
}

function rankOf(lane: string): number {
  const fixed = laneOrder.indexOf(lane)
  return fixed >= 0 ? fixed : laneOrder.length + Number(lane.replace('reader-', ''))
}

/** Phases in use, in the order of the contract. */
export function phasesOf(spans: readonly Span[]): Phase[] {
  const used = new Set(spans.map(span => span.phase))
  return phases.filter(phase => used.has(phase))
}

/** The spans of one lane in order, laid out so that a hundred thousand of them can be walked in each frame. */
export type LaneSpans = {
  readonly lane: string
  readonly spans: readonly Span[]
  readonly startsNs: Float64Array
  readonly endsNs: Float64Array
  /** As positions in the contract's list. */
  readonly phases: Uint8Array
  /** The latest end among the spans up to each one: where a search for the first in sight may stop. */
  readonly reachedNs: Float64Array
}

export function laneSpans(spans: readonly Span[], lane: string): LaneSpans {
  const own = spans.filter(span => span.lane === lane).sort((a, b) => a.startNs - b.startNs)
  const reachedNs = new Float64Array(own.length)
  let reached = 0
  for (const [index, { endNs }] of own.entries()) {
    reached = Math.max(reached, endNs)
    reachedNs[index] = reached
  }
  return {
    lane,
    spans: own,
    startsNs: Float64Array.from(own, span => span.startNs),
    endsNs: Float64Array.from(own, span => span.endNs),
    phases: Uint8Array.from(own, span => phases.indexOf(span.phase)),
    reachedNs,
  }
}

/** The first span that can reach into what begins at `ns`. */
export function firstInSight({ reachedNs }: LaneSpans, ns: number): number {
  let [low, high] = [0, reachedNs.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((reachedNs[middle] ?? 0) < ns) low = middle + 1
    else high = middle
  }
  return low
}

export type Piece = { readonly span: Span; readonly x: number; readonly width: number }

/** Time to pixels: `min` stands at 0. */
export type Scale = { readonly minNs: number; readonly maxNs: number; readonly pixels: number }

export function pixelOf({ minNs, maxNs, pixels }: Scale, ns: number): number {
  return ((ns - minNs) / (maxNs - minNs)) * pixels
}

/**
 * Calls `draw` for what is to be drawn of a lane. Spans thinner than a pixel are drawn once per pixel and phase, so that
 * a frame costs pixels and not spans.
 */
export function eachPiece(lane: LaneSpans, scale: Scale, draw: (piece: Piece) => void): void {
  const { minNs, maxNs, pixels } = scale
  const taken = new Int32Array(phases.length).fill(-1)
  const perNs = pixels / (maxNs - minNs)
  for (let index = firstInSight(lane, minNs); index < lane.spans.length; index += 1) {
    const startNs = lane.startsNs[index] ?? 0
    const endNs = lane.endsNs[index] ?? 0
    if (startNs > maxNs) break
    if (endNs < minNs) continue
    const x = Math.max(0, (startNs - minNs) * perNs)
    const width = Math.min(pixels, (endNs - minNs) * perNs) - x
    if (width < 1) {
      const phase = lane.phases[index] ?? 0
      const pixel = Math.floor(x)
      if (taken[phase] === pixel) continue
      taken[phase] = pixel
    }
    const span = lane.spans[index]
    if (span !== undefined) draw({ span, x, width: Math.max(1, width) })
  }
}

/** The span of a lane at a moment, the one that began last. */
export function spanAt(lane: LaneSpans, ns: number): Span | null {
  let found: Span | null = null
  for (let index = firstInSight(lane, ns); index < lane.spans.length; index += 1) {
    const span = lane.spans[index]
    if (span === undefined || span.startNs > ns) break
    if (span.endNs >= ns) found = span
  }
  return found
}
