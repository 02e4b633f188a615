import type { ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { useMemo, useState } from 'react'
import type { ComparisonRow, RunComparison } from '../../contract/comparison.ts'
import { ratioText } from '../../findings/comparisonText.ts'
import { sizeText, timeText } from '../../findings/words/figureText.ts'
import { tooltipStyle } from '../charts/kit/axisOptions.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { type Ink, useInk } from '../charts/kit/ink.ts'
import { logAxis, rowAxis } from '../charts/kit/logAxis.ts'
import { drawWhiskers } from '../charts/kit/surfaceDrawing.ts'
import { Segments } from '../controls/Segments.tsx'
import { schemeStyle } from '../style/schemeStyle.ts'
import { ratioScale } from './ratioScale.ts'

type Props = {
  readonly comparison: RunComparison
  /** Those with a ratio. */
  readonly judged: readonly ComparisonRow[]
  readonly simulated: boolean
}

const rowPixels = 22
const axisPixels = 60

/** One line per scheme at one size: the ratio of times with its interval, on a log axis about 1. */
export function RatioChart({ comparison, judged, simulated }: Props) {
  const ink = useInk()
  const sizes = useMemo(() => [...new Set(judged.map(row => row.bytes))].sort((a, b) => a - b), [judged])
  const [chosen, setChosen] = useState<number | null>(null)
  const bytes = chosen ?? sizes.at(-1) ?? 0
  const rows = useMemo(() => judged.filter(row => row.bytes === bytes), [judged, bytes])
  const drawing = useMemo(() => {
    const { domain, ticks } = ratioScale(intervalEnds(rows))
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: { datasets: rows.map((row, index) => rowDataset(row, index, ink)) },
      options: {
        layout: { padding: { right: 16, top: 4 } },
        scales: {
          x: logAxis(ink, {
            title: `time of run ${comparison.candidate} over time of run ${comparison.baseline}; left of 1 it is faster`,
            domain,
            ticks,
            text: value => String(Number(value.toPrecision(3))),
          }),
          y: rowAxis(
            ink,
            rows.map(row => row.scheme),
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
          onChoose={setChosen}
        />
      }
      canvas={
        <ChartCanvas
          label={`Ratio of times for ${rows.length} schemes at ${sizeText(bytes)}; the table below has the figures`}
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    />
  )
}

function intervalEnds(rows: readonly ComparisonRow[]): number[] {
  return rows.flatMap(({ ratio }) => (ratio === null ? [] : [ratio.low, ratio.high]))
}

function rowTitle(row: ComparisonRow | undefined): string {
  return row === undefined ? '' : `${row.scheme} ${sizeText(row.bytes)}`
}

function rowDataset(
  { scheme, ratio }: ComparisonRow,
  index: number,
  ink: Ink,
): ChartDataset<'line', Point[]> {
  const { colour, marker, hollow } = schemeStyle(scheme, ink.theme)
  return {
    data: ratio === null ? [] : [{ x: ratio.ratio, y: index }],
    pointStyle: marker,
    pointRadius: 4,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointBackgroundColor: hollow ? ink.ground : colour,
  }
}

function rowLines(row: ComparisonRow | undefined): string[] {
  if (row?.ratio === undefined || row.ratio === null) return []
  const { verdict } = row.ratio
  return [
    ratioText(row.ratio),
    `${timeText(row.candidate?.medianNs ?? 0)} against ${timeText(row.baseline?.medianNs ?? 0)}`,
    verdict === '~' ? 'no difference shown' : verdict,
  ]
}

function drawIntervals(surface: Surface, rows: readonly ComparisonRow[], ink: Ink): void {
  const { ctx, area, x, y } = surface
  const one = x.getPixelForValue(1)
  ctx.save()
  ctx.strokeStyle = ink.ink
  ctx.beginPath()
  ctx.moveTo(one, area.top)
  ctx.lineTo(one, area.bottom)
  ctx.stroke()
  ctx.restore()
  const intervals = rows.flatMap(({ scheme, ratio }, index) => {
    if (ratio === null) return []
    const { colour } = schemeStyle(scheme, ink.theme)
    const at = y.getPixelForValue(index)
    return [{ at, low: x.getPixelForValue(ratio.low), high: x.getPixelForValue(ratio.high), colour }]
  })
  drawWhiskers(surface, 'across', intervals)
}
