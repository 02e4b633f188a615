import type { Phase, Span } from '../../contract/sample.ts'
import type { Domain } from './kit/axisGrowth.ts'

/** Spans of one lane and phase that follow each other closer than a pixel, as one bar. Times in ns. */
export type TimelineBar = {
  readonly lane: string
  readonly phase: Phase
  readonly startNs: number
  readonly endNs: number
  readonly bytes: number
  readonly gather: number | null
  /** How many spans it stands for. */
  readonly spans: number
}

export function endOf(spans: readonly Span[]): number {
  return spans.reduce((end, span) => Math.max(end, span.endNs), 0)
}

/**
 * The bars to draw for the visible range: what lies outside is left out, and spans that would fall on the same pixels
 * of the same lane and phase are merged, so that a load of ten thousand gathers draws a few hundred bars.
 */
export function timelineBars(spans: readonly Span[], range: Domain, widthPixels: number): TimelineBar[] {
  const nsPerPixel = (range.max - range.min) / Math.max(1, widthPixels)
  const open = new Map<string, TimelineBar>()
  const bars: TimelineBar[] = []
  for (const span of [...spans].sort((a, b) => a.startNs - b.startNs)) {
    if (span.endNs < range.min || span.startNs > range.max) continue
    const key = `${span.lane}/${span.phase}`
    const last = open.get(key)
    if (last !== undefined && mergeable(last, span, nsPerPixel)) {
      open.set(key, merged(last, span))
      continue
    }
    if (last !== undefined) bars.push(last)
    open.set(key, { ...span, spans: 1 })
  }
  return [...bars, ...open.values()].sort((a, b) => a.startNs - b.startNs)
}

/** Only slivers merge: two bars that a person can tell apart stay two. */
function mergeable(bar: TimelineBar, span: Span, nsPerPixel: number): boolean {
  const sliver = 3 * nsPerPixel
  const short = bar.spans > 1 || bar.endNs - bar.startNs < sliver
  return short && span.endNs - span.startNs < sliver && span.startNs - bar.endNs < nsPerPixel
}

function merged(bar: TimelineBar, span: Span): TimelineBar {
  return {
    ...bar,
    endNs: Math.max(bar.endNs, span.endNs),
    bytes: bar.bytes + span.bytes,
    gather: bar.gather === span.gather ? bar.gather : null,
    spans: bar.spans + 1,
  }
}

/** The range zoomed by `factor` about `anchor`, kept inside [0, end] and no narrower than a microsecond. */
export function zoomed(range: Domain, factor: number, anchor: number, end: number): Domain {
  const width = Math.min(end, Math.max(1000, (range.max - range.min) * factor))
  const share = (anchor - range.min) / (range.max - range.min)
  return within(anchor - share * width, width, end)
}

/** The range moved by a share of its own width, kept inside [0, end]. */
export function panned(range: Domain, share: number, end: number): Domain {
  const width = range.max - range.min
  return within(range.min + share * width, width, end)
}

/** A range that was kept, if any of it lies inside [0, end]. */
export function inside({ min, max }: Domain, end: number): Domain | null {
  return min < end && max > min ? within(min, Math.min(end, max - min), end) : null
}

function within(wantedMin: number, width: number, end: number): Domain {
  const min = Math.min(Math.max(0, wantedMin), end - width)
  return { min, max: min + width }
}
