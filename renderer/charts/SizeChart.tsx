import type { ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { useMemo, useState } from 'react'
import type { Cell, Timed } from '../../findings/cells.ts'
import { medianSample, schemesOf, sizesOf } from '../../findings/cells.ts'
import { rateText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { tickText } from '../../findings/words/tickText.ts'
import { schemeStyle } from '../style/schemeStyle.ts'
import { logTicks } from './kit/axisGrowth.ts'
import { tooltipStyle } from './kit/axisOptions.ts'
import { ChartCanvas, type Surface } from './kit/ChartCanvas.tsx'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { type Ink, useInk } from './kit/ink.ts'
import { logAxis } from './kit/logAxis.ts'
import { thinToPixels } from './kit/pixelThin.ts'
import { drawEndLabels, drawWhiskers, widestText } from './kit/surfaceDrawing.ts'
import { useGrowingDomain } from './kit/useGrowingDomain.ts'
import type { OpenSample } from './openSample.ts'
import { SizeTable } from './SizeTable.tsx'
import {
  ceilingLine,
  repeatPoints,
  type SizeSeries,
  sizeDomain,
  sizeSeries,
  timeDomain,
} from './sizeSeries.ts'

type Props = {
  /** Names what is charted; the axes start afresh when it changes. */
  readonly subject: string
  readonly cells: readonly Cell[]
  /** The sizes of the plan, so that the axis is complete before the first sample. */
  readonly sizes: readonly number[]
  readonly ceilingBytesPerSecond: number | null
  readonly simulated: boolean
  readonly onOpen: OpenSample
}

const leastPixels = 240
/** Every scheme has a line of its own at the right end. */
const labelPixels = 13
const axisPixels = 64

/** Time by size on log axes: a median with its interval per scheme and size, and the ceiling. */
export function SizeChart({ subject, cells, sizes, ceilingBytesPerSecond, simulated, onOpen }: Props) {
  const ink = useInk()
  const [showRepeats, setShowRepeats] = useState(false)
  const allSizes = useMemo(() => mergedSizes(sizes, cells), [sizes, cells])
  const ceiling = useMemo(
    () => (ceilingBytesPerSecond === null ? [] : ceilingLine(allSizes, ceilingBytesPerSecond)),
    [allSizes, ceilingBytesPerSecond],
  )
  const schemes = schemesOf(cells).length
  const x = useGrowingDomain(subject, sizeDomain(allSizes))
  const y = useGrowingDomain(subject, timeDomain(cells, ceiling))
  const drawing = useMemo(() => {
    const series = sizeSeries(cells)
    const repeats = showRepeats ? visibleRepeats(cells) : []
    const ceilingText = ceilingBytesPerSecond === null ? '' : `ceiling ${rateText(ceilingBytesPerSecond)}`
    const labels = series.map(one => one.scheme)
    const datasets = [
      ...series.map(one => schemeDataset(one, ink)),
      ...(showRepeats ? series.map(one => repeatDataset(one, repeats, ink)) : []),
      ceilingDataset(ceiling, ink),
    ]
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: { datasets },
      options: {
        layout: { padding: { right: widestText([...labels, ceilingText], ink) + 16, top: 6 } },
        scales: {
          x: logAxis(ink, { title: 'file size', domain: x, ticks: allSizes, text: sizeText }),
          y: logAxis(ink, { title: 'time to load', domain: y, ticks: logTicks(y), text: tickText }),
        },
        interaction: { mode: 'nearest', intersect: true },
        plugins: {
          tooltip: {
            ...tooltipStyle(ink),
            filter: item => item.datasetIndex < series.length,
            callbacks: {
              title: items => series[items[0]?.datasetIndex ?? -1]?.scheme ?? '',
              label: item => pointLines(series[item.datasetIndex]?.points[item.dataIndex]?.cell),
            },
          },
        },
        onClick: (event, elements) => {
          const pin = event.native instanceof MouseEvent && event.native.shiftKey
          const hit = elements[0]
          const sample = hit === undefined ? null : sampleAt(series, repeats, hit.datasetIndex, hit.index)
          if (sample !== null) onOpen(sample, pin)
        },
      },
    }
    const drawOver = (surface: Surface) => {
      drawIntervals(surface, series, ink)
      drawEndLabels(surface, endLabels(surface, series, ceiling, ceilingText, ink), ink)
    }
    return { config, drawOver }
  }, [cells, showRepeats, ceiling, ceilingBytesPerSecond, ink, x, y, allSizes, onOpen])
  return (
    <ChartFigure
      title="Time by size"
      simulated={simulated}
      kind="size"
      height={Math.max(leastPixels, (schemes + 1) * labelPixels + axisPixels)}
      controls={
        <label className="inline">
          <input
            type="checkbox"
            checked={showRepeats}
            onChange={event => setShowRepeats(event.target.checked)}
          />
          every repeat
        </label>
      }
      canvas={
        <ChartCanvas
          label={`Time to load by file size, ${schemes} schemes, log axes`}
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    >
      <SizeTable cells={cells} ceilingBytesPerSecond={ceilingBytesPerSecond} onOpen={onOpen} />
    </ChartFigure>
  )
}

function mergedSizes(sizes: readonly number[], cells: readonly Cell[]): number[] {
  return [...new Set([...sizes, ...sizesOf(cells)])].sort((a, b) => a - b)
}

/** One point per repeat, thinned to what a canvas can tell apart: a thousandth of a decade in time. */
function visibleRepeats(cells: readonly Cell[]) {
  return thinToPixels(repeatPoints(cells), ({ sample }) => ({
    x: sample.bytes,
    y: Math.log10(sample.totalNs) * 300,
  }))
}

function schemeDataset({ scheme, points }: SizeSeries, ink: Ink): ChartDataset<'line', Point[]> {
  const style = schemeStyle(scheme, ink.theme)
  return {
    label: scheme,
    data: points.map(({ x, y }) => ({ x, y })),
    borderColor: style.colour,
    borderWidth: 1.5,
    borderDash: [...style.dash],
    pointStyle: style.marker,
    pointRadius: 4,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: style.colour,
    pointBackgroundColor: style.hollow ? ink.ground : style.colour,
  }
}

function repeatDataset(
  { scheme }: SizeSeries,
  repeats: ReturnType<typeof repeatPoints>,
  ink: Ink,
): ChartDataset<'line', Point[]> {
  const { colour } = schemeStyle(scheme, ink.theme)
  return {
    data: repeats.filter(point => point.sample.scheme === scheme).map(({ x, y }) => ({ x, y })),
    showLine: false,
    pointRadius: 1.5,
    pointBorderWidth: 0,
    pointBackgroundColor: colour,
  }
}

function ceilingDataset(points: readonly Point[], ink: Ink): ChartDataset<'line', Point[]> {
  return { data: [...points], borderColor: ink.quiet, borderWidth: 1, pointRadius: 0, pointHitRadius: 0 }
}

function pointLines(cell: Cell | undefined): string[] {
  if (cell === undefined) return []
  const { summary, bytes } = cell
  return [
    `${sizeText(bytes)}  ${timeText(summary.median)}`,
    `${timeText(summary.low)} to ${timeText(summary.high)}, ${(summary.confidence * 100).toFixed(0)} % interval`,
    `${summary.count} repeats, ${rateText(bytes / (summary.median / 1e9))}`,
  ]
}

function sampleAt(
  series: readonly SizeSeries[],
  repeats: ReturnType<typeof repeatPoints>,
  dataset: number,
  index: number,
): Timed | null {
  const cell = series[dataset]?.points[index]?.cell
  if (cell !== undefined) return medianSample(cell)
  const scheme = series[dataset - series.length]?.scheme
  return repeats.filter(point => point.sample.scheme === scheme)[index]?.sample ?? null
}

function drawIntervals(surface: Surface, series: readonly SizeSeries[], ink: Ink): void {
  const intervals = series.flatMap(({ scheme, points }) =>
    points
      .filter(({ cell }) => cell.summary.count > 1)
      .map(({ x, cell }) => ({
        at: surface.x.getPixelForValue(x),
        low: surface.y.getPixelForValue(cell.summary.low),
        high: surface.y.getPixelForValue(cell.summary.high),
        colour: schemeStyle(scheme, ink.theme).colour,
      })),
  )
  drawWhiskers(surface, 'up', intervals)
}

function endLabels(
  { x, y }: Surface,
  series: readonly SizeSeries[],
  ceiling: ReturnType<typeof ceilingLine>,
  ceilingText: string,
  ink: Ink,
) {
  const labels = series.flatMap(({ scheme, points }) => {
    const last = points.at(-1)
    const { colour } = schemeStyle(scheme, ink.theme)
    return last === undefined
      ? []
      : [{ x: x.getPixelForValue(last.x), y: y.getPixelForValue(last.y), text: scheme, colour }]
  })
  const end = ceiling.at(-1)
  if (end === undefined) return labels
  const at = { x: x.getPixelForValue(end.x), y: y.getPixelForValue(end.y) }
  return [...labels, { ...at, text: ceilingText, colour: ink.quiet }]
}
