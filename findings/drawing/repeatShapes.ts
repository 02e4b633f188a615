import type { Cell, Timed } from '../cells.ts'
import { sampleTitle } from '../words/sampleTitle.ts'
import { tickText } from '../words/tickText.ts'
import { type Domain, linearTicks } from './linearAxis.ts'
import { schemeColour, type Theme } from './palette.ts'
import { line, rect, type Shape, steps, text } from './shapes.ts'

const margins = { left: 60, right: 12, top: 10, bottom: 22 }
const room = 0.08
const mostTicks = 4
const pointRadius = 3

/** Where a repeat stands: to the right by its place in the run, upwards by its time. */
export type RepeatScale = {
  readonly width: number
  readonly height: number
  readonly first: number
  readonly last: number
  readonly ns: Domain
}

/** The axes hold every repeat; time does not begin at 0, so that a drift shows. */
export function repeatScale(cells: readonly Cell[], width: number, height: number): RepeatScale | null {
  const samples = cells.flatMap(cell => cell.samples)
  if (samples.length === 0) return null
  const places = samples.map(({ index }) => index)
  const times = samples.map(({ totalNs }) => totalNs)
  const [low, high] = [least(times), most(times)]
  const spare = Math.max(1, (high - low) * room)
  return {
    ...{ width, height, first: least(places), last: most(places) },
    ns: { min: Math.max(0, low - spare), max: high + spare },
  }
}

function least(values: readonly number[]): number {
  return values.reduce((found, value) => Math.min(found, value), Number.POSITIVE_INFINITY)
}

function most(values: readonly number[]): number {
  return values.reduce((found, value) => Math.max(found, value), Number.NEGATIVE_INFINITY)
}

/** Every repeat as a point in the order of the run, over the median of its cell with the interval. */
export function repeatShapes(cells: readonly Cell[], scale: RepeatScale, theme: Theme): Shape[] {
  return [
    ...axisShapes(scale),
    ...cells.flatMap(cell => cellShapes(cell, scale, schemeColour(cell.scheme, theme))),
  ]
}

function axisShapes(scale: RepeatScale): Shape[] {
  const { min, max } = scale.ns
  const [, step = max - min] = linearTicks({ min: 0, max: max - min }, mostTicks)
  const ticks: number[] = []
  for (let ns = Math.ceil(min / step) * step; ns <= max; ns += step) ticks.push(ns)
  const right = scale.width - margins.right
  return [
    ...ticks.flatMap(ns => [
      line('grid', [margins.left, yOf(scale, ns)], [right, yOf(scale, ns)]),
      text('tick', [margins.left - 6, yOf(scale, ns) + 4], tickText(Math.round(ns))),
    ]),
    text('axis', [margins.left, scale.height - 6], 'first load of the run'),
    text('axis end', [right, scale.height - 6], 'last'),
  ]
}

function cellShapes(cell: Cell, scale: RepeatScale, colour: string): Shape[] {
  const { median, low, high } = cell.summary
  const { left } = margins
  const width = scale.width - margins.right - left
  const [top, bottom] = [yOf(scale, high), yOf(scale, low)]
  const y = yOf(scale, median)
  return [
    rect('band', { x: left, width, y: top, height: Math.max(0, bottom - top), fill: colour }),
    { tag: 'line', kind: 'median', at: { x1: left, x2: left + width, y1: y, y2: y, stroke: colour } },
    ...cell.samples.map(sample => pointOf(sample, scale, colour)),
  ]
}

function pointOf(sample: Timed, scale: RepeatScale, fill: string): Shape {
  const [x, y, r] = [xOf(scale, sample.index), yOf(scale, sample.totalNs), pointRadius]
  const round = steps`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
  return { tag: 'path', kind: 'repeat', at: { d: round, fill }, title: sampleTitle(sample) }
}

function xOf({ width, first, last }: RepeatScale, index: number): number {
  const share = last === first ? 0.5 : (index - first) / (last - first)
  return margins.left + 6 + share * (width - margins.left - margins.right - 12)
}

function yOf({ height, ns }: RepeatScale, value: number): number {
  const share = (value - ns.min) / (ns.max - ns.min)
  return height - margins.bottom - share * (height - margins.bottom - margins.top)
}
