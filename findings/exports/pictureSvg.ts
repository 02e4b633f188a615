import { fail } from '../../contract/error.ts'
import type { RunDetail } from '../../contract/run.ts'
import { type SchemeId, schemeOf } from '../../contract/schemes.ts'
import { type Cell, cellsOf } from '../cells.ts'
import { partColour, schemeColour } from '../drawing/palette.ts'
import { pictureLayout } from '../drawing/pictureLayout.ts'
import {
  atAllSizes,
  axisShapes,
  ceilingShapes,
  ghostNsOf,
  hatchPath,
  type PictureScale,
  pairShapes,
  pictureTopNs,
} from '../drawing/pictureShapes.ts'
import { rect, type Shape, text } from '../drawing/shapes.ts'
import { svgText } from '../drawing/svgText.ts'
import {
  namedScheme,
  type SchemePair,
  type SizePair,
  schemePairs,
  sizePairs,
  sizePairText,
} from '../picture.ts'
import { drawingStyle, paper } from './paper.ts'

/** The picture of a run: a pair, and what it has at each size. */
export type RunPicture = {
  readonly cells: readonly Cell[]
  readonly pair: SchemePair
  readonly sizes: readonly SizePair[]
  readonly ceilingBytesPerSecond: number | null
  readonly simulated: boolean
}

/**
 * The pair that `scheme` is in, or else the one that the page opens on. `null` where nothing was measured, and for a
 * tuning, whose cells are told apart by their settings and not by their schemes.
 * @throws LabFailure `bad-input` for a scheme that the run has no pair of.
 */
export function runPicture({ run, samples }: RunDetail, scheme: SchemeId | null): RunPicture | null {
  const cells = cellsOf(samples)
  if (cells.length === 0 || run.plan.tuning !== null) return null
  const pair = pairWith(scheme, schemePairs(cells))
  return {
    cells,
    pair,
    sizes: atAllSizes(sizePairs(cells, pair, samples), run.plan.sizesBytes),
    ceilingBytesPerSecond: run.ceiling?.bytesPerSecond ?? null,
    simulated: samples.some(sample => sample.simulated),
  }
}

function pairWith(scheme: SchemeId | null, pairs: readonly SchemePair[]): SchemePair {
  const [first] = pairs
  const named = pairs.find(one => namedScheme(one) === scheme) ?? pairs.find(one => one.serial === scheme)
  if (named !== undefined && scheme !== null) return named
  if (scheme === null && first !== undefined) return first
  const measured = pairs.flatMap(one => namedScheme(one) ?? []).join(', ')
  return fail('bad-input', `${scheme} was not measured in this run`, `Choose one of ${measured}.`)
}

const width = 900
const height = 340
const titleHeight = 44
const footHeight = 28
const hatchId = 'saved'

/** The picture as an SVG file: what it shows, the bars, and which run they are of. */
export function pictureSvgOf(detail: RunDetail, scheme: SchemeId | null): string {
  const picture = runPicture(detail, scheme)
  return picture === null ? emptySvg(detail) : pictureSvg(picture, detail)
}

export function pictureSvg(picture: RunPicture, { run }: RunDetail): string {
  const layout = pictureLayout(width, height, picture.sizes.length)
  const topNs = pictureTopNs(picture.sizes, picture.ceilingBytesPerSecond) ?? 1
  const drawn = moved(pictureShapes(picture, { layout, topNs, theme: paper.theme }), titleHeight)
  const name = pairName(picture.pair)
  return svgText({
    width,
    height: titleHeight + height + footHeight,
    title: [`Cost per GiB by file size, ${name}`, ...picture.sizes.map(sizePairText)].join('. '),
    style: drawingStyle,
    definitions: hatchOf(picture),
    shapes: [
      rect('ground', { x: 0, y: 0, width, height: titleHeight + height + footHeight }),
      text('title', [8, 20], `${picture.simulated ? 'SIM  ' : ''}Cost per GiB, by file size: ${name}`),
      ...keyShapes(picture),
      ...drawn,
      text('foot', [8, titleHeight + height + 16], footText(run)),
    ],
  })
}

function pictureShapes(picture: RunPicture, scale: PictureScale): Shape[] {
  const { cells, pair, sizes, simulated } = picture
  return [
    ...axisShapes(scale),
    ...sizes.flatMap((size, index) =>
      pairShapes(scale, {
        pair: size,
        index,
        simulated,
        hatchId,
        ghostNs: ghostNsOf(cells, pair, size.bytes),
        published: () => [],
      }),
    ),
    ...ceilingShapes(scale, picture.ceilingBytesPerSecond),
  ]
}

function pairName({ serial, overlapped }: SchemePair): string {
  return [serial, overlapped].filter(scheme => scheme !== null).join(' against ')
}

/** Which run it is of, for a picture that lies somewhere by itself. */
function footText({ plan, capabilities, uuid, createdAt, labVersion }: RunDetail['run']): string {
  const where = capabilities === null ? plan.target : `${plan.target}, ${capabilities.title}`
  return `${where} · ${createdAt.slice(0, 10)} · run ${uuid.slice(0, 8)} · dmabuf-lab ${labVersion}`
}

/** In the colour of the overlapped load. */
function hatchOf({ pair }: RunPicture): string {
  const scheme = namedScheme(pair)
  const colour = scheme === null ? paper.edge : schemeColour(scheme, paper.theme)
  return `<pattern id="${hatchId}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${hatchPath}" stroke="${colour}"/></pattern>`
}

const swatch = 10
const keyLeft = 60

/** What the colours of the outlined stacks stand for, in one row. */
function keyShapes({ pair, sizes }: RunPicture): Shape[] {
  const parts = [...new Set(sizes.flatMap(({ serial }) => serial?.parts.map(({ part }) => part) ?? []))]
  const y = 28
  const box = (kind: string, at: Shape['at']) => (x: number) =>
    rect(kind, { x: x + 0.75, y: y + 0.75, width: swatch - 1.5, height: swatch - 1.5, ...at })
  const overlaps = pair.overlapped !== null && schemeOf(pair.overlapped).overlap !== 'serial'
  const named: Array<readonly [string, (x: number) => Shape]> = [
    ...parts.map(part => [part, box('part', { stroke: partColour(part, paper.theme) })] as const),
    ...(overlaps ? [['overlapped', box('solid', {})] as const] : []),
    ...(sizes.some(({ saved }) => saved !== null)
      ? [['saved', box('gain', { fill: `url(#${hatchId})`, stroke: paper.edge })] as const]
      : []),
  ]
  let x = keyLeft
  return named.flatMap(([name, mark]) => {
    const at = x
    x += swatch + 18 + 6.7 * name.length
    return [mark(at), text('key', [at + swatch + 5, y + swatch - 1], name)]
  })
}

/** A drawing further down. */
function moved(shapes: readonly Shape[], dy: number): Shape[] {
  return shapes.map(shape => {
    const { d, ...at } = shape.at
    const down = Object.entries(at).map(([name, value]) => [
      name,
      /^y[12]?$/.test(name) && typeof value === 'number' ? value + dy : value,
    ])
    const placed: Shape['at'] = Object.fromEntries(down)
    return { ...shape, at: d === undefined ? placed : { ...placed, d, transform: `translate(0 ${dy})` } }
  })
}

function emptySvg({ run }: RunDetail): string {
  const why = run.plan.tuning === null ? 'No load was measured.' : 'A tuning has a table and no picture.'
  return svgText({
    width,
    height: 64,
    title: why,
    style: drawingStyle,
    definitions: '',
    shapes: [
      rect('ground', { x: 0, y: 0, width, height: 64 }),
      text('title', [8, 24], why),
      text('foot', [8, 48], footText(run)),
    ],
  })
}
