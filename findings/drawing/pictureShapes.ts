import type { Cell } from '../cells.ts'
import {
  barsOf,
  type CostBar,
  ceilingCostNs,
  costAxis,
  costBarOf,
  type Saved,
  type SchemePair,
  type SizePair,
} from '../picture.ts'
import { msText, rateText, sizeText } from '../words/figureText.ts'
import { savedWords } from '../words/pictureText.ts'
import { linearTicks, zeroDomain } from './linearAxis.ts'
import { partColour, schemeColour, type Theme } from './palette.ts'
import { costY, type PictureLayout, slotMiddle } from './pictureLayout.ts'
import { line, path, rect, type Shape, steps, text } from './shapes.ts'

/** What a figure of somebody else cost, in ns per GiB, and where it was told. */
export type PublishedMark = { readonly ns: number; readonly title: string }

export type PictureScale = { readonly layout: PictureLayout; readonly topNs: number; readonly theme: Theme }

/** One size of the picture, and what stands around its bars. */
export type PairDrawing = {
  readonly pair: SizePair
  readonly index: number
  readonly simulated: boolean
  /** What `normal` costs at this size, where it was measured and is not in the pair. */
  readonly ghostNs: number | null
  /** By scheme, of the bars of this size. */
  readonly published: (bar: CostBar) => readonly PublishedMark[]
  /** Of the pattern that shades what was saved. */
  readonly hatchId: string
}

/** Slanted lines in a pattern of 6 by 6 pixels. */
export const hatchPath = 'M-1 1L1 -1M0 6L6 0M5 7L7 5'

const mostTicks = 6
/** Keeps the labels of the highest bars below the upper edge. */
const headroom = 1.04
const leastLabelledBar = 26
const leastNamedGhost = 200
const leastLabelledSlot = 44
const leastWideSlot = 96

/** The sizes of the plan are there from the start, without bars until they are measured. */
export function atAllSizes(pairs: readonly SizePair[], sizes: readonly number[]): SizePair[] {
  const measured = new Map(pairs.map(pair => [pair.bytes, pair]))
  return [...new Set([...sizes, ...measured.keys()])]
    .sort((a, b) => a - b)
    .map(bytes => measured.get(bytes) ?? { bytes, serial: null, overlapped: null, saved: null })
}

/** Where the axis of these pairs ends, in ns per GiB; `null` before anything is measured. */
export function pictureTopNs(
  pairs: readonly SizePair[],
  ceilingBytesPerSecond: number | null,
): number | null {
  const ceilingNs = ceilingBytesPerSecond === null ? null : ceilingCostNs(ceilingBytesPerSecond)
  const reach = costAxis(pairs, ceilingNs).topNs * headroom
  return reach === 0 ? null : zeroDomain([reach]).max
}

/** `normal` is what everybody knows: it stands behind every pair that it is not part of. */
export function ghostNsOf(cells: readonly Cell[], pair: SchemePair, bytes: number): number | null {
  return pair.serial === 'normal' ? null : (costBarOf(cells, 'normal', bytes)?.medianNs ?? null)
}

/** The cost axis with its grid. */
export function axisShapes({ layout, topNs }: PictureScale): Shape[] {
  return [
    ...linearTicks({ min: 0, max: topNs }, mostTicks).flatMap(ns => {
      const y = costY(layout, ns, topNs)
      return [
        line('grid', [layout.left, y], [layout.right, y]),
        text('tick', [layout.left - 6, y + 4], msText(ns)),
      ]
    }),
    text('axis', [layout.left - 60, 14], 'ms per GiB'),
  ]
}

/** What the ceiling alone takes for a GiB. */
export function ceilingShapes({ layout, topNs }: PictureScale, bytesPerSecond: number | null): Shape[] {
  if (bytesPerSecond === null) return []
  const y = costY(layout, ceilingCostNs(bytesPerSecond), topNs)
  return [
    line('ceiling-line', [layout.left, y], [layout.right, y]),
    text('ceiling-name', [layout.left + 4, y - 4], `ceiling ${rateText(bytesPerSecond)}`),
  ]
}

/** The whole slot of a size, for a pointer. */
export function slotShape(layout: PictureLayout, index: number): Shape {
  return rect('slot', {
    x: slotMiddle(layout, index) - layout.slot / 2 + 1,
    y: layout.top - 34,
    width: Math.max(0, layout.slot - 2),
    height: layout.bottom - layout.top + 74,
    rx: 4,
  })
}

/** The twin's outlined stack, the overlapped load's filled bar, and between them, shaded, what was saved. */
export function pairShapes(scale: PictureScale, drawing: PairDrawing): Shape[] {
  const { layout } = scale
  const { pair, index } = drawing
  const middle = slotMiddle(layout, index)
  const places: Places = {
    middle,
    serial: middle - layout.gap / 2 - layout.bar,
    overlapped: middle + layout.gap / 2,
  }
  return [
    ...ghostShapes(scale, drawing.ghostNs, places),
    ...savedShapes(scale, drawing, places),
    ...(pair.serial === null ? [] : stackShapes(scale, pair.serial, places.serial)),
    ...(pair.overlapped === null
      ? []
      : filledShapes(scale, pair.overlapped, places.overlapped, drawing.simulated)),
    ...(pair.serial === null ? [] : barShapes(scale, pair.serial, places.serial, drawing)),
    ...(pair.overlapped === null ? [] : barShapes(scale, pair.overlapped, places.overlapped, drawing)),
    ...labelShapes(scale, pair, middle),
    text('size', [middle, layout.bottom + 32], sizeText(pair.bytes)),
  ]
}

type Places = { readonly middle: number; readonly serial: number; readonly overlapped: number }

function ghostShapes({ layout, topNs }: PictureScale, ghostNs: number | null, { serial }: Places): Shape[] {
  if (ghostNs === null || ghostNs > topNs) return []
  const y = costY(layout, ghostNs, topNs)
  const width = 2 * layout.bar + layout.gap + 8
  return [
    rect('ghost', { x: serial - 4, width, y, height: layout.bottom - y }),
    ...(layout.slot >= leastNamedGhost ? [text('ghost-name', [serial - 8, y + 4], 'normal')] : []),
  ]
}

function savedShapes({ layout, topNs, theme }: PictureScale, drawing: PairDrawing, places: Places): Shape[] {
  const { serial, overlapped, saved } = drawing.pair
  if (serial === null || overlapped === null || serial.totalNs <= overlapped.totalNs) return []
  const [top, bottom] = [serial, overlapped].map(bar => costY(layout, bar.totalNs, topNs))
  if (top === undefined || bottom === undefined) return []
  return [
    rect(saved?.verdict === 'faster' ? 'gain' : 'gain unsure', {
      x: places.serial + layout.bar,
      width: layout.bar + layout.gap,
      y: top,
      height: Math.max(0, bottom - top),
      fill: `url(#${drawing.hatchId})`,
      stroke: schemeColour(overlapped.cell.scheme, theme),
    }),
  ]
}

/** From the ground up: each part with where it begins and ends, in ns. */
function stacked({ parts }: CostBar) {
  let fromNs = 0
  return parts.map(({ part, ns }) => {
    const piece = { part, fromNs, toNs: fromNs + ns }
    fromNs += ns
    return piece
  })
}

function stackShapes({ layout, topNs, theme }: PictureScale, bar: CostBar, x: number): Shape[] {
  return stacked(bar).map(({ part, fromNs, toNs }) => {
    const [low, high] = [costY(layout, fromNs, topNs), costY(layout, toNs, topNs)]
    return rect('part', {
      x: x + 0.75,
      width: Math.max(0.5, layout.bar - 1.5),
      y: high + 0.75,
      height: Math.max(0, low - high - 1.5),
      stroke: partColour(part, theme),
    })
  })
}

function filledShapes({ layout, topNs, theme }: PictureScale, bar: CostBar, x: number, simulated: boolean) {
  const top = costY(layout, bar.totalNs, topNs)
  const colour = schemeColour(bar.cell.scheme, theme)
  const joints = stacked(bar)
    .slice(1)
    .map(({ fromNs }) => costY(layout, fromNs, topNs))
  return [
    rect(simulated ? 'total simulated' : 'total', {
      x,
      width: layout.bar,
      y: top,
      height: Math.max(0, layout.bottom - top),
      fill: colour,
      stroke: colour,
    }),
    ...joints.map(y => line('joint', [x, y], [x + layout.bar, y])),
  ]
}

/** The interval, the published figures and the median's number of one bar; a break where it goes on above the axis. */
function barShapes({ layout, topNs }: PictureScale, bar: CostBar, x: number, drawing: PairDrawing): Shape[] {
  const middle = x + layout.bar / 2
  const y = (ns: number) => costY(layout, ns, topNs)
  const [low, high] = [y(bar.lowNs), y(bar.highNs)]
  const whisker = steps`M${middle - 3} ${low}h6M${middle} ${low}V${high}M${middle - 3} ${high}h6`
  return [
    ...(bar.lowNs === bar.highNs ? [] : [path('whisker', whisker)]),
    ...drawing
      .published(bar)
      .filter(({ ns }) => ns <= topNs)
      .map(({ ns, title }) => ({
        ...path('published', diamond(middle, y(ns))),
        title: `published: ${title}`,
      })),
    ...(bar.totalNs > topNs ? [path('break', teeth(x, layout.bar, layout.top + 12))] : []),
    ...(layout.bar >= leastLabelledBar
      ? [text('value', [middle, layout.bottom + 14], msText(bar.medianNs))]
      : []),
  ]
}

/** Published figures are hollow diamonds everywhere. */
function diamond(x: number, y: number): string {
  return steps`M${x} ${y - 6}l6 6l-6 6l-6 -6z`
}

/** A bar that goes on above the axis is cut open near its top. */
function teeth(x: number, width: number, y: number): string {
  const tooth = width / 4
  const there = steps`l${tooth} -5l${tooth} 5l${tooth} -5l${tooth} 5`
  const back = steps`l${-tooth} -5l${-tooth} 5l${-tooth} -5l${-tooth} 5`
  return `${steps`M${x - 1} ${y}`}${there}v6${back}z`
}

function labelShapes({ layout, topNs }: PictureScale, pair: SizePair, middle: number): Shape[] {
  if (pair.saved === null || layout.slot < leastLabelledSlot) return []
  const tops = barsOf(pair).flatMap(bar => [bar.totalNs, bar.highNs])
  const y = Math.max(12, costY(layout, Math.max(...tops), topNs) - 20)
  return [text('saved', [middle, y], ...labelLines(pair.saved, layout.slot >= leastWideSlot))]
}

function labelLines(saved: Saved, wide: boolean) {
  const { short, long, interval } = savedWords(saved)
  return wide ? [long, { text: interval, kind: 'interval' }] : [short]
}
