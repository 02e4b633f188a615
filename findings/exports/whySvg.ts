import type { Phase } from '../../contract/sample.ts'
import { eachPiece, phasesOf } from '../drawing/laneSpans.ts'
import { linearTicks } from '../drawing/linearAxis.ts'
import { phaseColours } from '../drawing/palette.ts'
import { line, path, rect, type Shape, steps, text } from '../drawing/shapes.ts'
import { svgText } from '../drawing/svgText.ts'
import {
  type WhyGroup,
  type WhyLane,
  type WhyLayout,
  type WhyLoad,
  whyLayout,
  xOf,
} from '../drawing/whyLayout.ts'
import { tickText } from '../words/tickText.ts'
import { drawingStyle, paper } from './paper.ts'

const width = 900
const keyHeight = 22
const mostTicks = 8
const inset = 2
const underline = 3
const leastNumberWidth = 16
/** More hairlines than this would be a grey field. */
const mostLinks = 240

/** Two loads on one time axis, whole: the page's timeline on paper. */
export function whySvg(loads: readonly WhyLoad[], title: string): string {
  const ends = loads.flatMap(({ sample, spans }) => [sample.totalNs, ...spans.map(span => span.endNs)])
  const endNs = ends.reduce((end, ns) => Math.max(end, ns), 1)
  const layout = whyLayout(loads, width, { min: 0, max: endNs })
  const phases = phasesOf(loads.flatMap(({ spans }) => spans))
  return svgText({
    width,
    height: layout.height + keyHeight,
    title,
    style: drawingStyle,
    definitions: hatch,
    shapes: [
      ...axisShapes(layout, endNs),
      ...layout.groups.flatMap(group => groupShapes(layout, group)),
      ...keyShapes(phases, layout.height + 12),
    ],
  })
}

function axisShapes(layout: WhyLayout, endNs: number): Shape[] {
  return linearTicks({ min: 0, max: endNs }, mostTicks).flatMap(ns => {
    const x = xOf(layout, ns)
    return [
      line('grid', [x, 0], [x, layout.axis]),
      ...(x < layout.right - 20 ? [text('moment', [x, layout.axis + 14], tickText(ns))] : []),
    ]
  })
}

function groupShapes(layout: WhyLayout, group: WhyGroup): Shape[] {
  const ready = xOf(layout, group.load.sample.totalNs)
  return [
    text('title', [0, group.top + 16], group.load.title),
    ...group.lanes.flatMap(lane => laneShapes(layout, lane)),
    ...linkShapes(layout, group),
    line('ready', [ready, group.top + 18], [ready, group.bottom]),
    ...hiddenShapes(layout, group),
  ]
}

function laneShapes(layout: WhyLayout, lane: WhyLane): Shape[] {
  const y = lane.top + inset
  const height = lane.height - 2 * inset - underline - 1
  const shapes: Shape[] = [text('lane', [layout.left - 6, lane.top + lane.height / 2 + 4], lane.name)]
  eachPiece(lane.spans, layout.scale, ({ span, x, width }) => {
    const at = { x: layout.left + x, y, width, height, fill: fillOf(span.phase) }
    shapes.push(rect(width < 3 ? 'bar' : 'bar apart', at))
    if (span.gather !== null && span.phase !== 'wait' && width >= leastNumberWidth) {
      shapes.push(text('gather', [layout.left + x + width / 2, y + height / 2 + 4], String(span.gather)))
    }
  })
  eachPiece(lane.path, layout.scale, ({ x, width }) => {
    const below = lane.top + lane.height - inset - underline
    shapes.push(rect('path', { x: layout.left + x, y: below, width, height: underline }))
  })
  return shapes
}

/** From the pages of gather n to read n. */
function linkShapes(layout: WhyLayout, { load, lanes }: WhyGroup): Shape[] {
  if (load.links.length > mostLinks) return []
  return load.links.flatMap(({ from, to }) => {
    const upper = lanes.find(({ name }) => name === from.lane)
    const lower = lanes.find(({ name }) => name === to.lane)
    if (upper === undefined || lower === undefined) return []
    const start = upper.top + upper.height - inset - underline
    return [line('link', [xOf(layout, from.ns), start], [xOf(layout, to.ns), lower.top + inset])]
  })
}

/** A bracket over what the twin's load still took when this one was ready. */
function hiddenShapes(layout: WhyLayout, { load: { hidden, sample }, top }: WhyGroup): Shape[] {
  if (hidden === null) return []
  const [from, to] = [xOf(layout, sample.totalNs), xOf(layout, sample.totalNs + hidden.ns)]
  const y = top + 19
  const half = (hidden.text.length * 6.7) / 2 + 3
  const middle = Math.min(layout.right - half, Math.max(layout.left + half, (from + to) / 2))
  return [
    path('bracket', steps`M${from} ${y + 5}V${y}H${to}V${y + 5}`),
    rect('ground', { x: middle - half, y: y - 16, width: 2 * half, height: 14 }),
    text('hidden', [middle, y - 5], hidden.text),
  ]
}

function keyShapes(phases: readonly Phase[], y: number): Shape[] {
  let x = 80
  return phases.flatMap(phase => {
    const at = x
    x += 30 + 6.7 * phase.length
    return [
      rect('bar', { x: at, y: y - 9, width: 10, height: 10, fill: fillOf(phase) }),
      text('key', [at + 15, y], phase),
    ]
  })
}

/** Waiting has no colour: it is hatched. */
function fillOf(phase: Phase): string {
  return phase === 'wait' ? 'url(#wait)' : phaseColours[paper.theme][phase]
}

const hatch = `<pattern id="wait" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M-1 1L1 -1M0 5L5 0M4 6L6 4" stroke="${paper.edge}"/></pattern>`
