import type { Surface } from './ChartCanvas.tsx'
import type { Ink } from './ink.ts'
import { spreadLabels } from './labelSpread.ts'

/** `x`, `y`: the pixel that the label belongs to. */
export type EndLabel = {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly colour: string
}

const lineHeight = 13
const labelGap = 8

/** Names at the right end of each line, moved apart where they would touch. */
export function drawEndLabels({ ctx, area }: Surface, labels: readonly EndLabel[], ink: Ink): void {
  const wanted = labels.map(label => label.y)
  const placed = spreadLabels(wanted, { gap: lineHeight, top: area.top + 4, bottom: area.bottom - 4 })
  ctx.save()
  ctx.font = `11px ${ink.numbers}`
  ctx.textBaseline = 'middle'
  for (const [index, label] of labels.entries()) {
    const y = placed[index] ?? label.y
    ctx.strokeStyle = label.colour
    ctx.globalAlpha = 0.5
    ctx.beginPath()
    ctx.moveTo(label.x, label.y)
    ctx.lineTo(area.right, label.y)
    ctx.lineTo(area.right + labelGap - 2, y)
    ctx.stroke()
    ctx.globalAlpha = 1
    ctx.fillStyle = label.colour
    ctx.fillText(label.text, area.right + labelGap, y)
  }
  ctx.restore()
}

export type Interval = {
  readonly at: number
  readonly low: number
  readonly high: number
  readonly colour: string
}

/** Thin whiskers with caps, along the axis of the values. All in pixels. */
export function drawWhiskers(
  { ctx }: Surface,
  direction: 'up' | 'across',
  intervals: readonly Interval[],
): void {
  const cap = 3
  ctx.save()
  ctx.lineWidth = 1
  for (const { at, low, high, colour } of intervals) {
    ctx.strokeStyle = colour
    ctx.beginPath()
    for (const end of [low, high]) {
      if (direction === 'up') {
        ctx.moveTo(at - cap, end)
        ctx.lineTo(at + cap, end)
      } else {
        ctx.moveTo(end, at - cap)
        ctx.lineTo(end, at + cap)
      }
    }
    if (direction === 'up') {
      ctx.moveTo(at, low)
      ctx.lineTo(at, high)
    } else {
      ctx.moveTo(low, at)
      ctx.lineTo(high, at)
    }
    ctx.stroke()
  }
  ctx.restore()
}

const measuredWidths = new Map<string, number>()

/** The width of the widest text in the labels' font, for the room to leave. */
export function widestText(texts: readonly string[], ink: Ink): number {
  return Math.max(0, ...texts.map(text => widthOf(text, `11px ${ink.numbers}`)))
}

/** Measured once: names of schemes are asked for in every frame of a moving slider. */
function widthOf(text: string, font: string): number {
  const key = `${font}/${text}`
  const known = measuredWidths.get(key)
  if (known !== undefined) return known
  const ctx = document.createElement('canvas').getContext('2d')
  if (ctx === null) return 0
  ctx.font = font
  const { width } = ctx.measureText(text)
  measuredWidths.set(key, width)
  return width
}

/** Where a pointer is on the axis that several charts share, in this one or in another. */
export function drawCrosshair({ ctx, area, x }: Surface, value: number, ink: Ink): void {
  const at = x.getPixelForValue(value)
  if (at < area.left || at > area.right) return
  ctx.save()
  ctx.strokeStyle = ink.edge
  ctx.setLineDash([2, 3])
  ctx.beginPath()
  ctx.moveTo(at, area.top)
  ctx.lineTo(at, area.bottom)
  ctx.stroke()
  ctx.restore()
}
