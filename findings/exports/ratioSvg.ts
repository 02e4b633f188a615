import type { SidesComparison } from '../../contract/comparison.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { ratioText } from '../comparisonText.ts'
import { schemeColour } from '../drawing/palette.ts'
import { ratioScale } from '../drawing/ratioScale.ts'
import { line, rect, type Shape, text } from '../drawing/shapes.ts'
import { svgText } from '../drawing/svgText.ts'
import { sizeText } from '../words/figureText.ts'
import { drawingStyle, paper } from './paper.ts'

const width = 900
const left = 330
const right = 870
const top = 48
const rowHeight = 18
const footHeight = 52
const dot = 7

type Line = {
  readonly name: string
  readonly scheme: SchemeId
  readonly ratio: NonNullable<SidesComparison['rows'][number]['ratios'][number]>
}

/** Every ratio of a comparison with its interval, on a log axis about 1. */
export function ratioSvgOf(comparison: SidesComparison): string {
  const lines = linesOf(comparison)
  const bottom = top + lines.length * rowHeight
  const height = bottom + footHeight
  const title = `Time over that of ${comparison.sides[0]?.title}`
  const named = comparison.sides.some(side => side.simulated) ? `SIM  ${title}` : title
  const { domain, ticks } = ratioScale(lines.flatMap(({ ratio }) => [ratio.low, ratio.high]))
  const x = (ratio: number) =>
    left + ((right - left) * Math.log(ratio / domain.min)) / Math.log(domain.max / domain.min)
  return svgText({
    width,
    height,
    title: [title, ...lines.map(({ name, ratio }) => `${name}: ${ratioText(ratio)}`)].join('. '),
    style: drawingStyle,
    definitions: '',
    shapes: [
      rect('ground', { x: 0, y: 0, width, height }),
      text('title', [8, 20], named),
      ...ticks.flatMap(tick => [
        line(tick === 1 ? 'whisker' : 'grid', [x(tick), top - 8], [x(tick), bottom]),
        text('moment', [x(tick), bottom + 16], String(Number(tick.toPrecision(3)))),
      ]),
      ...lines.flatMap((one, index) => lineShapes(one, top + index * rowHeight + rowHeight / 2, x)),
      text(
        'foot',
        [8, bottom + 40],
        'Left of 1 it is faster. The interval of each ratio stands for itself alone.',
      ),
    ],
  })
}

function lineShapes({ name, scheme, ratio }: Line, y: number, x: (ratio: number) => number): Shape[] {
  const colour = schemeColour(scheme, paper.theme)
  return [
    text('tick', [left - 12, y + 4], name),
    ...(ratio.confidence === 0 ? [] : [line('whisker', [x(ratio.low), y], [x(ratio.high), y])]),
    rect('mark', { x: x(ratio.ratio) - dot / 2, y: y - dot / 2, width: dot, height: dot, fill: colour }),
  ]
}

/** Named by what tells them apart: size, scheme, and the side where there are several. */
function linesOf({ sides, rows }: SidesComparison): Line[] {
  return rows.flatMap(row =>
    row.ratios.flatMap((ratio, place) => {
      const side = sides[place]
      const scheme = row.scheme ?? side?.scheme ?? schemeIds[0]
      if (ratio === null || side === undefined || scheme === undefined) return []
      const what = row.scheme === null ? [side.title] : sides.length === 2 ? [scheme] : [scheme, side.title]
      return [{ name: [sizeText(row.bytes), ...what].join(', '), scheme, ratio }]
    }),
  )
}
