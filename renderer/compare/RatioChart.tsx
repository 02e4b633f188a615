import type { ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { useMemo } from 'react'
import type { SidesComparison, SidesRow } from '../../contract/comparison.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { ratioText } from '../../findings/comparisonText.ts'
import { ratioScale } from '../../findings/drawing/ratioScale.ts'
import { sizeText, timeText } from '../../findings/words/figureText.ts'
import { useSetting } from '../base/useRoute.ts'
import { tooltipStyle } from '../charts/kit/axisOptions.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { type Ink, useInk } from '../charts/kit/ink.ts'
import { logAxis, rowAxis } from '../charts/kit/logAxis.ts'
import { drawWhiskers } from '../charts/kit/surfaceDrawing.ts'
import { Segments } from '../controls/Segments.tsx'
import { schemeStyle } from '../style/schemeStyle.ts'

type Props = {
  readonly comparison: SidesComparison
  /** Rows with a ratio. */
  readonly judged: readonly SidesRow[]
  readonly simulated: boolean
}

const rowPixels = 22
const axisPixels = 60

/** A ratio of one side to the first, as a line of the chart. */
type Line = {
  readonly name: string
  readonly scheme: SchemeId
  readonly ratio: NonNullable<SidesRow['ratios'][number]>
  readonly row: SidesRow
  readonly place: number
}

/** One line per scheme and side at one size: the ratio of times with its interval, on a log axis about 1. */
export function RatioChart({ comparison, judged, simulated }: Props) {
  const ink = useInk()
  const sizes = useMemo(() => [...new Set(judged.map(row => row.bytes))].sort((a, b) => a - b), [judged])
  const [chosen, setChosen] = useSetting('size')
  const bytes = sizes.find(size => String(size) === chosen) ?? sizes.at(-1) ?? 0
  const rows = useMemo(
    () => judged.filter(row => row.bytes === bytes).flatMap(row => linesOf(row, comparison)),
    [judged, bytes, comparison],
  )
  const drawing = useMemo(() => {
    const { domain, ticks } = ratioScale(intervalEnds(rows))
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: { datasets: rows.map((row, index) => rowDataset(row, index, ink)) },
      options: {
        layout: { padding: { right: 16, top: 4 } },
        scales: {
          x: logAxis(ink, {
            title: `time over that of ${comparison.sides[0]?.title}; left of 1 it is faster`,
            domain,
            ticks,
            text: value => String(Number(value.toPrecision(3))),
          }),
          y: rowAxis(
            ink,
            rows.map(row => row.name),
          ),
        },
        interaction: { mode: 'nearest', intersect: true },
        plugins: {
          tooltip: {
            ...tooltipStyle(ink),
            callbacks: {
              title: items => rowTitle(rows[items[0]?.datasetIndex ?? -1]),
              label: item => rowLines(rows[item.datasetIndex]),
            },
          },
        },
      },
    }
    return { config, drawOver: (surface: Surface) => drawIntervals(surface, rows, ink) }
  }, [comparison, rows, ink])
  return (
    <ChartFigure
      title="Ratio of times"
      simulated={simulated}
      kind="size"
      height={rows.length * rowPixels + axisPixels}
      controls={
        <Segments
          label="Size"
          options={sizes.map(value => ({ value, title: sizeText(value) }))}
          chosen={bytes}
          onChoose={size => setChosen(String(size))}
        />
      }
      canvas={
        <ChartCanvas
          label={`${rows.length} ratios of times at ${sizeText(bytes)}; the table below has the figures`}
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    />
  )
}

/** Named by what tells them apart: scheme, side, or both. */
function linesOf(row: SidesRow, { sides }: SidesComparison): Line[] {
  return row.ratios.flatMap((ratio, place) => {
    const side = sides[place]
    const scheme = row.scheme ?? side?.scheme ?? schemeIds[0]
    if (ratio === null || side === undefined || scheme === undefined) return []
    const name =
      row.scheme === null ? side.title : sides.length === 2 ? row.scheme : `${row.scheme}, ${side.title}`
    return [{ name, scheme, ratio, row, place }]
  })
}

function intervalEnds(rows: readonly Line[]): number[] {
  return rows.flatMap(({ ratio }) => [ratio.low, ratio.high])
}

function rowTitle(line: Line | undefined): string {
  return line === undefined ? '' : `${line.name} ${sizeText(line.row.bytes)}`
}

function rowDataset({ scheme, ratio }: Line, index: number, ink: Ink): ChartDataset<'line', Point[]> {
  const { colour, marker, hollow } = schemeStyle(scheme, ink.theme)
  return {
    data: [{ x: ratio.ratio, y: index }],
    pointStyle: marker,
    pointRadius: 4,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointBackgroundColor: hollow ? ink.ground : colour,
  }
}

function rowLines(line: Line | undefined): string[] {
  if (line === undefined) return []
  const { ratio, row, place } = line
  return [
    ratioText(ratio),
    `${timeText(row.cells[place]?.medianNs ?? 0)} against ${timeText(row.cells[0]?.medianNs ?? 0)}`,
    ratio.verdict === '~' ? 'no difference shown' : ratio.verdict,
  ]
}

function drawIntervals(surface: Surface, rows: readonly Line[], ink: Ink): void {
  const { ctx, area, x, y } = surface
  const one = x.getPixelForValue(1)
  ctx.save()
  ctx.strokeStyle = ink.ink
  ctx.beginPath()
  ctx.moveTo(one, area.top)
  ctx.lineTo(one, area.bottom)
  ctx.stroke()
  ctx.restore()
  const intervals = rows.map(({ scheme, ratio }, index) => {
    const { colour } = schemeStyle(scheme, ink.theme)
    const at = y.getPixelForValue(index)
    return { at, low: x.getPixelForValue(ratio.low), high: x.getPixelForValue(ratio.high), colour }
  })
  drawWhiskers(surface, 'across', intervals)
}
