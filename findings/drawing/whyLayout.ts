import type { Span } from '../../contract/sample.ts'
import type { Timed } from '../cells.ts'
import type { PathStep } from '../criticalPath.ts'
import type { GatherLink } from '../limits.ts'
import { type LaneSpans, laneSpans, lanesOf, pixelOf, type Scale } from './laneSpans.ts'

/** One load of the why, with what is drawn over its spans. */
export type WhyLoad = {
  readonly title: string
  readonly sample: Timed
  readonly spans: readonly Span[]
  readonly path: readonly PathStep[]
  readonly links: readonly GatherLink[]
  /** What overlap hid after this load's end, in ns, and how it is called; `null` where nothing is bracketed. */
  readonly hidden: { readonly ns: number; readonly text: string } | null
}

export type WhyLane = {
  readonly name: string
  readonly top: number
  readonly height: number
  readonly spans: LaneSpans
  /** The stretches of the critical path in this lane, as spans: what is underlined. */
  readonly path: LaneSpans
}

export type WhyGroup = {
  readonly load: WhyLoad
  readonly top: number
  readonly bottom: number
  readonly lanes: readonly WhyLane[]
}

export type WhyLayout = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly axis: number
  readonly scale: Scale
  readonly groups: readonly WhyGroup[]
}

const left = 80
const rightMargin = 12
const titleHeight = 24
const laneHeight = 22
const groupGap = 10
const axisHeight = 26

type Range = { readonly min: number; readonly max: number }

/** The lanes of all loads under each other, in CSS pixels. */
export function whyLayout(loads: readonly WhyLoad[], width: number, range: Range): WhyLayout {
  const right = Math.max(left + 1, width - rightMargin)
  let top = 0
  const groups = loads.map(load => {
    const first = top
    const lanes = lanesIn(load).map((lane, index) => ({
      ...lane,
      top: first + titleHeight + index * laneHeight,
      height: laneHeight,
    }))
    top = first + titleHeight + lanes.length * laneHeight + groupGap
    return { load, top: first, bottom: top - groupGap, lanes }
  })
  return {
    width,
    height: top + axisHeight,
    left,
    right,
    axis: top,
    scale: { minNs: range.min, maxNs: range.max, pixels: right - left },
    groups,
  }
}

/** Sorted once per load: a move or a zoom lays out the same lanes. */
const sortedLanes = new WeakMap<WhyLoad, ReadonlyArray<Pick<WhyLane, 'name' | 'spans' | 'path'>>>()

function lanesIn(load: WhyLoad): ReadonlyArray<Pick<WhyLane, 'name' | 'spans' | 'path'>> {
  const known = sortedLanes.get(load)
  if (known !== undefined) return known
  const onPath = load.path.flatMap(({ span, startNs, endNs }) =>
    span === null ? [] : [{ ...span, startNs, endNs }],
  )
  const lanes = lanesOf(load.spans).map(name => ({
    name,
    spans: laneSpans(load.spans, name),
    path: laneSpans(onPath, name),
  }))
  sortedLanes.set(load, lanes)
  return lanes
}

export function xOf({ left, scale }: WhyLayout, ns: number): number {
  return left + pixelOf(scale, ns)
}

/** The moment under a pixel, kept inside what is in sight. */
export function nsAt({ left, right, scale }: WhyLayout, x: number): number {
  const share = (Math.min(right, Math.max(left, x)) - left) / (right - left)
  return scale.minNs + share * (scale.maxNs - scale.minNs)
}

export function laneAt({ groups }: WhyLayout, y: number): WhyLane | null {
  const lanes = groups.flatMap(group => group.lanes)
  return lanes.find(({ top, height }) => y >= top && y < top + height) ?? null
}
