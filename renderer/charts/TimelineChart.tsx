import type { ChartConfiguration, ChartDataset } from 'chart.js'
import { useCallback, useMemo, useState } from 'react'
import type { Phase, Span } from '../../contract/sample.ts'
import { lanesOf, phasesOf } from '../../findings/drawing/laneSpans.ts'
import { phaseColours } from '../../findings/drawing/palette.ts'
import { msText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { tickText } from '../../findings/words/tickText.ts'
import { pointAtTime, usePointedTime } from './crosshair.ts'
import type { Domain } from './kit/axisGrowth.ts'
import { axisTitle, gridStyle, tickStyle, tooltipStyle } from './kit/axisOptions.ts'
import { ChartCanvas, type Surface } from './kit/ChartCanvas.tsx'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { type Column, DataTable } from './kit/DataTable.tsx'
import { type FloatBar, floatBar } from './kit/floatBar.ts'
import { hatch } from './kit/hatch.ts'
import { type Ink, useInk } from './kit/ink.ts'
import { drawCrosshair } from './kit/surfaceDrawing.ts'
import { useWheel } from './kit/useWheel.ts'
import { PhaseKey } from './PhaseKey.tsx'
import { RangeButtons } from './RangeButtons.tsx'
import { endOf, panned, type TimelineBar, timelineBars, zoomed } from './timelineBars.ts'
import { useSeen } from './useSeen.ts'

type Props = {
  readonly title: string
  readonly spans: readonly Span[]
  /** When the buffer was ready; close may come after it. */
  readonly totalNs: number | null
  readonly simulated: boolean
  /** How far the time axis reaches at least, so that timelines under each other share one scale. */
  readonly untilNs?: number
  /** Timelines of one subject that follow each other keep their axis and their key. */
  readonly subject?: string
}

const assumedWidthPixels = 1200
const lanePixels = 26
const axisPixels = 60

/** One sample's spans, allocator lane above reader lanes. Ctrl and the wheel zoom, Shift and the wheel move. */
export function TimelineChart({ title, spans, totalNs, simulated, untilNs = 0, subject = title }: Props) {
  const ink = useInk()
  const { endNs, used } = useMemo(() => ({ endNs: endOf(spans), used: phasesOf(spans) }), [spans])
  const seen = useSeen(subject, Math.max(1, endNs, totalNs ?? 0, untilNs), used)
  const end = seen.untilNs
  const [zoom, setZoom] = useState<{ readonly of: readonly Span[]; readonly range: Domain } | null>(null)
  const whole = useMemo(() => ({ min: 0, max: end }), [end])
  const range = zoom?.of === spans ? zoom.range : whole
  const show = (next: Domain) => setZoom({ of: spans, range: next })
  const lanes = useMemo(() => lanesOf(spans), [spans])
  const config = useMemo(() => {
    const bars = timelineBars(spans, range, assumedWidthPixels)
    const byPhase = used.map(phase => bars.filter(bar => bar.phase === phase))
    const config: ChartConfiguration<'bar', FloatBar[], string> = {
      type: 'bar',
      data: {
        labels: [...lanes],
        datasets: used.map((phase, index) => phaseDataset(phase, byPhase[index] ?? [], lanes, ink)),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: { top: 14, right: 12 } },
        scales: {
          x: {
            type: 'linear',
            stacked: false,
            ...range,
            title: axisTitle(ink, 'since the start of the sample'),
            grid: gridStyle(ink),
            ticks: { ...tickStyle(ink), maxRotation: 0, callback: value => tickText(Number(value)) },
          },
          y: {
            type: 'category',
            stacked: true,
            grid: { display: false },
            ticks: { ...tickStyle(ink), color: ink.ink, autoSkip: false },
          },
        },
        onHover: (event, _elements, chart) => {
          const at = chart.scales.x?.getValueForPixel(event.x ?? 0)
          pointAtTime(event.type === 'mouseout' || at === undefined ? null : at)
        },
        plugins: {
          tooltip: {
            ...tooltipStyle(ink),
            callbacks: {
              title: items => barTitle(byPhase[items[0]?.datasetIndex ?? -1]?.[items[0]?.dataIndex ?? -1]),
              label: item => barLines(byPhase[item.datasetIndex]?.[item.dataIndex]),
            },
          },
        },
      },
    }
    return config
  }, [spans, used, range, lanes, ink])
  const pointedNs = usePointedTime()
  const drawOver = useCallback(
    (surface: Surface) => {
      drawTotal(surface, totalNs, ink)
      if (pointedNs !== null) drawCrosshair(surface, pointedNs, ink)
    },
    [totalNs, ink, pointedNs],
  )

  const surface = useWheel((event, share) => {
    const anchor = range.min + share * (range.max - range.min)
    if (event.ctrlKey) show(zoomed(range, 1.003 ** event.deltaY, anchor, end))
    else show(panned(range, (event.deltaX + event.deltaY) / 1000, end))
  })
  return (
    <ChartFigure
      title={title}
      simulated={simulated}
      kind="timeline"
      height={Math.max(2, lanes.length) * lanePixels + axisPixels}
      controls={
        <>
          <PhaseKey phases={seen.phases} />
          <RangeButtons
            whole={range === whole}
            onZoom={factor => show(zoomed(range, factor, (range.min + range.max) / 2, end))}
            onMove={share => show(panned(range, share, end))}
            onWhole={() => setZoom(null)}
          />
        </>
      }
      canvas={
        <section className="fill" aria-label="Plot" ref={surface}>
          <ChartCanvas
            label={`Timeline of ${lanes.length} lanes, ${timeText(end)}`}
            config={config}
            drawOver={drawOver}
          />
        </section>
      }
    >
      <DataTable caption="spans" columns={columns} rows={spans} keyOf={spanKey} />
    </ChartFigure>
  )
}

function phaseDataset(
  phase: Phase,
  bars: readonly TimelineBar[],
  lanes: readonly string[],
  ink: Ink,
): ChartDataset<'bar', FloatBar[]> {
  const waits = phase === 'wait'
  return {
    label: phase,
    stack: 'lane',
    data: bars.map(bar => floatBar(lanes.indexOf(bar.lane), bar.startNs, bar.endNs)),
    backgroundColor: waits ? hatch(ink.edge) : phaseColours[ink.theme][phase],
    borderColor: waits ? ink.edge : ink.ground,
    borderWidth: { left: 1, right: 0, top: waits ? 1 : 0, bottom: waits ? 1 : 0 },
    borderSkipped: false,
    maxBarThickness: 26,
    minBarLength: 1,
    categoryPercentage: 0.9,
    barPercentage: 0.95,
  }
}

function barTitle(bar: TimelineBar | undefined): string {
  if (bar === undefined) return ''
  const gather = bar.gather === null ? '' : `, gather ${bar.gather}`
  return `${bar.lane}: ${bar.phase}${gather}`
}

function barLines(bar: TimelineBar | undefined): string[] {
  if (bar === undefined) return []
  const lines = [
    `${timeText(bar.startNs)} to ${timeText(bar.endNs)}`,
    `${timeText(bar.endNs - bar.startNs)}, ${sizeText(bar.bytes)}`,
  ]
  return bar.spans === 1 ? lines : [...lines, `${bar.spans} spans, zoom in to tell them apart`]
}

/** A line where the buffer was ready. */
function drawTotal({ ctx, area, x }: Surface, totalNs: number | null, ink: Ink): void {
  if (totalNs === null) return
  const at = x.getPixelForValue(totalNs)
  if (at < area.left || at > area.right + 1) return
  ctx.save()
  ctx.strokeStyle = ink.ink
  ctx.beginPath()
  ctx.moveTo(at, area.top)
  ctx.lineTo(at, area.bottom)
  ctx.stroke()
  ctx.fillStyle = ink.ink
  ctx.font = `11px ${ink.numbers}`
  ctx.textAlign = at > area.right - 60 ? 'right' : 'center'
  ctx.fillText(`ready ${timeText(totalNs)}`, at, area.top - 4)
  ctx.restore()
}

const numeric = true

function spanKey(span: Span): string {
  return `${span.lane}/${span.phase}/${span.startNs}/${span.endNs}/${span.gather ?? ''}`
}

const columns: ReadonlyArray<Column<Span>> = [
  { title: 'lane', cell: span => span.lane },
  { title: 'phase', cell: span => span.phase },
  { title: 'gather', numeric, cell: span => span.gather ?? '-' },
  { title: 'start ms', numeric, cell: span => msText(span.startNs) },
  { title: 'end ms', numeric, cell: span => msText(span.endNs) },
  { title: 'length ms', numeric, cell: span => msText(span.endNs - span.startNs) },
  { title: 'size', numeric, cell: span => sizeText(span.bytes) },
]
