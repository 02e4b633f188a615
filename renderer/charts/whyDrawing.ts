import type { Phase } from '../../contract/sample.ts'
import { eachPiece } from '../../findings/drawing/laneSpans.ts'
import { linearTicks } from '../../findings/drawing/linearAxis.ts'
import { phaseColours } from '../../findings/drawing/palette.ts'
import { type WhyGroup, type WhyLane, type WhyLayout, xOf } from '../../findings/drawing/whyLayout.ts'
import { timeText } from '../../findings/words/figureText.ts'
import { tickText } from '../../findings/words/tickText.ts'
import { hatch } from './kit/hatch.ts'
import type { Ink } from './kit/ink.ts'

const barInset = 2
const underline = 3
/** More hairlines than this would be a grey field. */
const mostLinks = 240
const leastNumberWidth = 16

/** Times in ns: between which is measured, and where the crosshair of all timelines is. */
type Marked = { readonly cursors: readonly number[]; readonly pointed: number | null }

/** Draws the whole timeline anew. */
export function drawWhy(
  canvas: HTMLCanvasElement,
  layout: WhyLayout,
  ink: Ink,
  { cursors, pointed }: Marked,
): void {
  const ratio = window.devicePixelRatio || 1
  const ctx = canvas.getContext('2d')
  if (ctx === null) return
  setSize(canvas, Math.round(layout.width * ratio), Math.round(layout.height * ratio))
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.clearRect(0, 0, layout.width, layout.height)
  ctx.font = `11px ${ink.numbers}`
  ctx.textBaseline = 'middle'
  drawAxis(ctx, layout, ink)
  for (const group of layout.groups) {
    drawTitle(ctx, layout, group, ink)
    for (const lane of group.lanes) drawLane(ctx, layout, lane, ink)
    inPlot(ctx, layout, () => {
      drawLinks(ctx, layout, group, ink)
      drawReady(ctx, layout, group, ink)
      drawHidden(ctx, layout, group, ink)
    })
  }
  inPlot(ctx, layout, () => {
    drawCursors(ctx, layout, cursors, ink)
    if (pointed !== null) drawCrosshair(ctx, layout, pointed, ink)
  })
}

/** A new size gives a canvas new memory, so it is set where it differs. */
function setSize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}

function inPlot(ctx: CanvasRenderingContext2D, { left, right, height }: WhyLayout, draw: () => void): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, 0, right - left, height)
  ctx.clip()
  draw()
  ctx.restore()
}

function drawAxis(ctx: CanvasRenderingContext2D, layout: WhyLayout, ink: Ink): void {
  const { left, right, axis, scale } = layout
  const length = scale.maxNs - scale.minNs
  const [, step = length] = linearTicks({ min: 0, max: length }, 8)
  ctx.textAlign = 'center'
  for (let ns = Math.ceil(scale.minNs / step) * step; ns <= scale.maxNs; ns += step) {
    const x = xOf(layout, ns)
    ctx.fillStyle = ink.line
    ctx.fillRect(x, 0, 1, axis)
    ctx.fillStyle = ink.quiet
    if (x > left + 10 && x < right - 20) ctx.fillText(tickText(ns), x, axis + 10)
  }
}

function drawTitle(
  ctx: CanvasRenderingContext2D,
  layout: WhyLayout,
  { load, top }: WhyGroup,
  ink: Ink,
): void {
  ctx.textAlign = 'left'
  ctx.fillStyle = ink.ink
  ctx.font = `600 12px ${ink.words}`
  ctx.fillText(load.title, 0, top + 12, layout.right)
  ctx.font = `11px ${ink.numbers}`
}

function drawLane(ctx: CanvasRenderingContext2D, layout: WhyLayout, lane: WhyLane, ink: Ink): void {
  ctx.textAlign = 'right'
  ctx.fillStyle = ink.quiet
  ctx.fillText(lane.name, layout.left - 6, lane.top + lane.height / 2)
  const top = lane.top + barInset
  const height = lane.height - 2 * barInset - underline - 1
  ctx.textAlign = 'center'
  eachPiece(lane.spans, layout.scale, ({ span, x, width }) => {
    ctx.fillStyle = fillOf(span.phase, ink)
    ctx.fillRect(layout.left + x, top, width, height)
    if (width < 3) return
    // A joint between bars of one colour.
    ctx.fillStyle = ink.ground
    ctx.fillRect(layout.left + x + width - 0.5, top, 0.5, height)
    if (span.gather !== null && span.phase !== 'wait' && width >= leastNumberWidth) {
      ctx.fillText(String(span.gather), layout.left + x + width / 2, top + height / 2 + 0.5)
    }
  })
  ctx.fillStyle = ink.ink
  eachPiece(lane.path, layout.scale, ({ x, width }) => {
    ctx.fillRect(layout.left + x, lane.top + lane.height - barInset - underline, width, underline)
  })
}

function fillOf(phase: Phase, ink: Ink): string | CanvasPattern {
  return phase === 'wait' ? hatch(ink.edge) : phaseColours[ink.theme][phase]
}

/** From the pages of gather n to read n. */
function drawLinks(
  ctx: CanvasRenderingContext2D,
  layout: WhyLayout,
  { load, lanes }: WhyGroup,
  ink: Ink,
): void {
  const { minNs, maxNs } = layout.scale
  const inSight = load.links.filter(({ from, to }) => to.ns >= minNs && from.ns <= maxNs)
  if (inSight.length > mostLinks) return
  ctx.strokeStyle = ink.ink
  ctx.lineWidth = 0.75
  ctx.beginPath()
  for (const { from, to } of inSight) {
    const upper = lanes.find(({ name }) => name === from.lane)
    const lower = lanes.find(({ name }) => name === to.lane)
    if (upper === undefined || lower === undefined) continue
    ctx.moveTo(xOf(layout, from.ns), upper.top + upper.height - barInset - underline)
    ctx.lineTo(xOf(layout, to.ns), lower.top + barInset)
  }
  ctx.stroke()
}

/** A line where the buffer was ready. */
function drawReady(ctx: CanvasRenderingContext2D, layout: WhyLayout, group: WhyGroup, ink: Ink): void {
  const x = xOf(layout, group.load.sample.totalNs)
  ctx.fillStyle = ink.ink
  ctx.fillRect(x - 0.5, group.top + 18, 1, group.bottom - group.top - 18)
}

/** A bracket over what the twin's load still took when this one was ready. */
function drawHidden(ctx: CanvasRenderingContext2D, layout: WhyLayout, group: WhyGroup, ink: Ink): void {
  const { hidden, sample } = group.load
  if (hidden === null) return
  const [from, to] = [xOf(layout, sample.totalNs), xOf(layout, sample.totalNs + hidden.ns)]
  const y = group.top + 19
  ctx.strokeStyle = ink.ink
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(from, y + 5)
  ctx.lineTo(from, y)
  ctx.lineTo(to, y)
  ctx.lineTo(to, y + 5)
  ctx.stroke()
  const width = ctx.measureText(hidden.text).width + 6
  const middle = Math.min(layout.right - width / 2, Math.max(layout.left + width / 2, (from + to) / 2))
  ctx.fillStyle = ink.ground
  ctx.fillRect(middle - width / 2, y - 16, width, 14)
  ctx.fillStyle = ink.ink
  ctx.textAlign = 'center'
  ctx.fillText(hidden.text, middle, y - 9)
}

function drawCursors(
  ctx: CanvasRenderingContext2D,
  layout: WhyLayout,
  cursors: readonly number[],
  ink: Ink,
): void {
  const at = cursors.map(ns => xOf(layout, ns)).sort((a, b) => a - b)
  const [from, to] = at
  if (from !== undefined && to !== undefined) {
    ctx.globalAlpha = 0.12
    ctx.fillStyle = ink.ink
    ctx.fillRect(from, 0, to - from, layout.axis)
    ctx.globalAlpha = 1
  }
  ctx.fillStyle = ink.ink
  for (const x of at) ctx.fillRect(x - 0.75, 0, 1.5, layout.axis)
  const [a, b] = cursors
  if (a === undefined || b === undefined || from === undefined || to === undefined) return
  ctx.textAlign = 'center'
  ctx.fillText(timeText(Math.abs(b - a)), (from + to) / 2, layout.axis + 20)
}

function drawCrosshair(ctx: CanvasRenderingContext2D, layout: WhyLayout, ns: number, ink: Ink): void {
  ctx.fillStyle = ink.quiet
  ctx.fillRect(xOf(layout, ns) - 0.5, 0, 1, layout.axis)
}
