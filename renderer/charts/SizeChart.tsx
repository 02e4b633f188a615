import type { ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { useCallback, useMemo, useState } from 'react'
import type { SchemeId } from '../../contract/schemes.ts'
import type { Cell, Timed } from '../../findings/cells.ts'
import { medianSample, schemesOf, sizesOf } from '../../findings/cells.ts'
import { rateText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { Segments } from '../controls/Segments.tsx'
import { schemeStyle } from '../style/schemeStyle.ts'
import { pointAt, usePointed } from './crosshair.ts'
import { logDomain, logTicks } from './kit/axisGrowth.ts'
import { tooltipStyle } from './kit/axisOptions.ts'
import { ChartCanvas, type Surface } from './kit/ChartCanvas.tsx'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { type Ink, useInk } from './kit/ink.ts'
import { logAxis } from './kit/logAxis.ts'
import { thinToPixels } from './kit/pixelThin.ts'
import { drawCrosshair, drawEndLabels, drawWhiskers, widestText } from './kit/surfaceDrawing.ts'
import { useGrowingDomain } from './kit/useGrowingDomain.ts'
import type { OpenSample } from './openSample.ts'
import { type Emphasis, evenEmphasis, isFaded, isFolded, SchemeKey } from './SchemeKey.tsx'
import { SizeTable } from './SizeTable.tsx'
import { ceilingLine, repeatPoints, type SizeSeries, sizeDomain, sizeSeries } from './sizeSeries.ts'
import { inUnit, type SizeUnit, sizeUnits, unitText, unitTitles } from './sizeUnits.ts'

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
  const [chosenUnit, setUnit] = useState<SizeUnit>('time')
  const [emphasis, setEmphasis] = useState(evenEmphasis)
  const pointed = usePointed()
  const unit = ceilingBytesPerSecond === null && chosenUnit === 'of ceiling' ? 'time' : chosenUnit
  const allSizes = useMemo(() => mergedSizes(sizes, cells), [sizes, cells])
  const view = useMemo<View>(
    () => ({ unit, ceilingBytesPerSecond, emphasis, ink }),
    [unit, ceilingBytesPerSecond, emphasis, ink],
  )
  const ceiling = useMemo(() => viewedCeiling(allSizes, view), [allSizes, view])
  const schemes = schemesOf(cells)
  const x = useGrowingDomain(subject, sizeDomain(allSizes))
  const reached = useMemo(() => viewDomain(cells, ceiling, view), [cells, ceiling, view])
  const y = useGrowingDomain(`${subject}/${unit}`, reached)
  const drawing = useMemo(() => {
    const series = sizeSeries(cells).filter(({ scheme }) => !isFolded(view.emphasis, scheme))
    const repeats = showRepeats ? visibleRepeats(cells) : []
    const labels = series.map(one => one.scheme)
    const datasets = [
      ...series.map(one => schemeDataset(one, view)),
      ...(showRepeats ? series.map(one => repeatDataset(one, repeats, view)) : []),
      ceilingDataset(ceiling, ink),
    ]
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: { datasets },
      options: {
        layout: { padding: { right: widestText([...labels, ceilingText(view)], ink) + 16, top: 6 } },
        scales: {
          x: logAxis(ink, { title: 'file size', domain: x, ticks: allSizes, text: sizeText }),
          y: logAxis(ink, {
            title: unitTitles[unit],
            domain: y,
            ticks: logTicks(y),
            text: value => unitText(unit, value),
          }),
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
        onHover: (event, _elements, chart) => {
          const at = chart.scales.x?.getValueForPixel(event.x ?? 0)
          pointAt(event.type === 'mouseout' || at === undefined ? null : nearestSize(allSizes, at))
        },
        onClick: (event, elements) => {
          const pin = event.native instanceof MouseEvent && event.native.shiftKey
          const hit = elements[0]
          const sample = hit === undefined ? null : sampleAt(series, repeats, hit.datasetIndex, hit.index)
          if (sample !== null) onOpen(sample, pin)
        },
      },
    }
    return { config, series }
  }, [cells, showRepeats, ceiling, view, unit, ink, x, y, allSizes, onOpen])
  const drawOver = useCallback(
    (surface: Surface) => {
      if (pointed !== null) drawCrosshair(surface, pointed, ink)
      drawIntervals(surface, drawing.series, view)
      drawEndLabels(surface, endLabels(surface, drawing.series, ceiling, view), ink)
    },
    [drawing, ceiling, view, ink, pointed],
  )
  return (
    <ChartFigure
      title={unit === 'time' ? 'Time by size' : 'Throughput by size'}
      simulated={simulated}
      kind="size"
      height={Math.max(leastPixels, (schemes.length + 1) * labelPixels + axisPixels)}
      controls={
        <>
          <Segments
            label="Unit"
            options={sizeUnits
              .filter(one => one !== 'of ceiling' || ceilingBytesPerSecond !== null)
              .map(value => ({ value, title: value }))}
            chosen={unit}
            onChoose={setUnit}
          />
          <label className="inline">
            <input
              type="checkbox"
              checked={showRepeats}
              onChange={event => setShowRepeats(event.target.checked)}
            />
            every repeat
          </label>
        </>
      }
      canvas={
        <ChartCanvas
          label={`${unitTitles[unit]} by file size, ${schemes.length} schemes, log axes`}
          config={drawing.config}
          drawOver={drawOver}
        />
      }
    >
      {schemes.length > 1 && <SchemeKey schemes={schemes} emphasis={emphasis} onEmphasis={setEmphasis} />}
      <SizeTable cells={cells} ceilingBytesPerSecond={ceilingBytesPerSecond} onOpen={onOpen} />
    </ChartFigure>
  )
}

type Place = { readonly x: number; readonly y: number }

/** How the chart is looked at. */
type View = {
  readonly unit: SizeUnit
  readonly ceilingBytesPerSecond: number | null
  readonly emphasis: Emphasis
  readonly ink: Ink
}

function viewed({ unit, ceilingBytesPerSecond }: View, bytes: number, ns: number): number {
  return inUnit(unit, bytes, ns, ceilingBytesPerSecond)
}

function viewedCeiling(sizes: readonly number[], view: View): Place[] {
  const { ceilingBytesPerSecond } = view
  if (ceilingBytesPerSecond === null) return []
  return ceilingLine(sizes, ceilingBytesPerSecond).map(({ x, y }) => ({ x, y: viewed(view, x, y) }))
}

function viewDomain(cells: readonly Cell[], ceiling: readonly Place[], view: View) {
  const ends = cells.flatMap(({ bytes, summary }) =>
    [summary.min, summary.max].map(ns => viewed(view, bytes, ns)),
  )
  return logDomain([...ends, ...ceiling.map(({ y }) => y)].filter(Number.isFinite))
}

function ceilingText({ ceilingBytesPerSecond }: View): string {
  return ceilingBytesPerSecond === null ? '' : `ceiling ${rateText(ceilingBytesPerSecond)}`
}

/** Faded behind the one that stands out. */
function colourOf(scheme: SchemeId, { emphasis, ink }: View): string {
  const { colour } = schemeStyle(scheme, ink.theme)
  return isFaded(emphasis, scheme) ? `${colour}30` : colour
}

function nearestSize(sizes: readonly number[], bytes: number): number | null {
  const distance = (size: number) => Math.abs(Math.log(size / bytes))
  return sizes.reduce<number | null>(
    (best, size) => (best === null || distance(size) < distance(best) ? size : best),
    null,
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

function schemeDataset({ scheme, points }: SizeSeries, view: View): ChartDataset<'line', Point[]> {
  const { ink } = view
  const style = schemeStyle(scheme, ink.theme)
  const colour = colourOf(scheme, view)
  return {
    label: scheme,
    data: points.map(({ x, y }) => ({ x, y: viewed(view, x, y) })),
    borderColor: colour,
    borderWidth: 1.5,
    borderDash: [...style.dash],
    pointStyle: style.marker,
    pointRadius: 4,
    pointHoverRadius: 6,
    pointHitRadius: 8,
    pointBorderWidth: 1.5,
    pointBorderColor: colour,
    pointBackgroundColor: style.hollow ? ink.ground : colour,
  }
}

function repeatDataset(
  { scheme }: SizeSeries,
  repeats: ReturnType<typeof repeatPoints>,
  view: View,
): ChartDataset<'line', Point[]> {
  const colour = colourOf(scheme, view)
  return {
    label: `${scheme}, repeats`,
    data: repeats
      .filter(point => point.sample.scheme === scheme)
      .map(({ x, y }) => ({ x, y: viewed(view, x, y) })),
    showLine: false,
    pointRadius: 1.5,
    pointBorderWidth: 0,
    pointBackgroundColor: colour,
  }
}

function ceilingDataset(points: readonly Point[], ink: Ink): ChartDataset<'line', Point[]> {
  return {
    label: 'ceiling',
    data: [...points],
    borderColor: ink.quiet,
    borderWidth: 1,
    pointRadius: 0,
    pointHitRadius: 0,
  }
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

function drawIntervals(surface: Surface, series: readonly SizeSeries[], view: View): void {
  const intervals = series.flatMap(({ scheme, points }) =>
    points
      .filter(({ cell }) => cell.summary.count > 1)
      .map(({ x, cell }) => ({
        at: surface.x.getPixelForValue(x),
        low: surface.y.getPixelForValue(viewed(view, x, cell.summary.low)),
        high: surface.y.getPixelForValue(viewed(view, x, cell.summary.high)),
        colour: colourOf(scheme, view),
      })),
  )
  drawWhiskers(surface, 'up', intervals)
}

function endLabels({ x, y }: Surface, series: readonly SizeSeries[], ceiling: readonly Place[], view: View) {
  const labels = series.flatMap(({ scheme, points }) => {
    const last = points.at(-1)
    if (last === undefined) return []
    const at = { x: x.getPixelForValue(last.x), y: y.getPixelForValue(viewed(view, last.x, last.y)) }
    return [{ ...at, text: scheme, colour: colourOf(scheme, view) }]
  })
  const end = ceiling.at(-1)
  if (end === undefined) return labels
  const at = { x: x.getPixelForValue(end.x), y: y.getPixelForValue(end.y) }
  return [...labels, { ...at, text: ceilingText(view), colour: view.ink.quiet }]
}
