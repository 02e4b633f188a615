import type { ChartConfiguration, Point } from 'chart.js'
import { useEffect, useMemo, useState } from 'react'
import type { LedgerRow, TrendPoint } from '../../contract/ledger.ts'
import { schemeIds } from '../../contract/schemes.ts'
import { clockText, countText, sizeText, threeDigits, timeText } from '../../findings/words/figureText.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { valueOrTell } from '../base/notices.ts'
import { goTo, useSetting } from '../base/useRoute.ts'
import { axisTitle, gridStyle, tickStyle, tooltipStyle } from '../charts/kit/axisOptions.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { type Ink, useInk } from '../charts/kit/ink.ts'
import { drawWhiskers } from '../charts/kit/surfaceDrawing.ts'
import { lab } from '../lab/lab.ts'
import { schemeStyle } from '../style/schemeStyle.ts'

/** One cell over the runs of a device: medians with their intervals, by run. */
export function TrendPanel({ row }: { row: LedgerRow }) {
  const [chosen, setChosen] = useSetting('cell')
  const cells = cellsOf(row)
  const cell = cells.find(each => each.key === chosen) ?? cells.find(each => each.isFastest) ?? cells[0]
  const points = useTrend(row, cell)
  const ink = useInk()
  const drawing = useMemo(
    () => (cell === undefined || points === null ? null : drawingOf(points, cell, ink)),
    [points, cell, ink],
  )
  if (cell === undefined) return null
  return (
    <ChartFigure
      title={`Over ${countText(points?.length ?? 0, 'run')} of this device`}
      simulated={row.simulated}
      kind="cost"
      height={200}
      controls={null}
      canvas={
        drawing !== null && (
          <ChartCanvas
            label={trendLabel(points ?? [], cell)}
            config={drawing.config}
            drawOver={drawing.drawOver}
          />
        )
      }
    >
      <label className="labelled">
        cell
        <select value={cell.key} onChange={event => setChosen(event.target.value)}>
          {cells.map(({ key, scheme, bytes }) => (
            <option key={key} value={key}>
              {scheme}, {sizeText(bytes)}
            </option>
          ))}
        </select>
      </label>
    </ChartFigure>
  )
}

type Chosen = {
  readonly key: string
  readonly scheme: LedgerRow['schemes'][number]
  readonly bytes: number
  readonly isFastest: boolean
}

function cellsOf({ schemes, sizesBytes, answer }: LedgerRow): Chosen[] {
  const inOrder = schemeIds.filter(scheme => schemes.includes(scheme))
  return [...sizesBytes]
    .sort((a, b) => b - a)
    .flatMap(bytes =>
      inOrder.map(scheme => ({
        key: `${scheme}/${bytes}`,
        scheme,
        bytes,
        isFastest: answer !== null && answer.fastest === scheme && answer.bytes === bytes,
      })),
    )
}

function useTrend({ device }: LedgerRow, cell: Chosen | undefined) {
  const [points, setPoints] = useState<readonly TrendPoint[] | null>(null)
  const { scheme, bytes } = cell ?? { scheme: undefined, bytes: 0 }
  useEffect(() => {
    if (scheme === undefined) return
    let current = true
    void valueOrTell(lab.ledger.trend({ device, scheme, bytes })).then(found => {
      if (current && found !== null) setPoints(found)
    })
    return () => {
      current = false
    }
  }, [device, scheme, bytes])
  return points
}

function trendLabel(points: readonly TrendPoint[], { scheme, bytes }: Chosen): string {
  const [first, last] = [points[0], points.at(-1)]
  const ends =
    first === undefined || last === undefined
      ? 'no figure'
      : `${timeText(first.medianNs)} in run ${first.runId}, ${timeText(last.medianNs)} in run ${last.runId}`
  return `Median of ${scheme} at ${sizeText(bytes)} over ${countText(points.length, 'run')}: ${ends}`
}

function drawingOf(points: readonly TrendPoint[], { scheme }: Chosen, ink: Ink) {
  const { colour, marker, hollow } = schemeStyle(scheme, ink.theme)
  const config: ChartConfiguration<'line', Point[], string> = {
    type: 'line',
    data: {
      datasets: [
        {
          data: points.map((point, x) => ({ x, y: point.medianNs / 1e6 })),
          showLine: points.length <= 200,
          borderColor: colour,
          borderWidth: 1,
          pointStyle: marker,
          pointRadius: points.length > 200 ? 1.5 : 3,
          pointBorderColor: colour,
          pointBackgroundColor: hollow ? ink.ground : colour,
        },
      ],
    },
    options: {
      onClick: (_event, [element]) => {
        const runId = points[element?.index ?? -1]?.runId
        if (runId !== undefined) goTo('runs', runId)
      },
      scales: {
        x: {
          type: 'linear',
          min: -0.5,
          max: points.length - 0.5,
          title: axisTitle(ink, 'run, oldest first'),
          grid: { display: false },
          ticks: {
            ...tickStyle(ink),
            maxTicksLimit: 6,
            precision: 0,
            callback: value => String(points[Number(value)]?.runId ?? ''),
          },
        },
        y: {
          type: 'linear',
          beginAtZero: true,
          // An interval that reaches beyond every median is drawn whole.
          suggestedMax: Math.max(0, ...points.map(({ highNs }) => highNs / 1e6)),
          title: axisTitle(ink, 'median, ms'),
          grid: gridStyle(ink),
          ticks: { ...tickStyle(ink), callback: value => threeDigits(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(ink),
          callbacks: {
            title: ([item]) => titleOf(points[item?.dataIndex ?? -1]),
            label: item => figuresOf(points[item.dataIndex]),
          },
        },
      },
    },
  }
  return { config, drawOver: (surface: Surface) => drawIntervals(surface, points, colour) }
}

function titleOf(point: TrendPoint | undefined): string {
  if (point === undefined) return ''
  return visibleText(`Run ${point.runId} ${point.name}, ${clockText(point.createdAt)}`)
}

function figuresOf(point: TrendPoint | undefined): string[] {
  if (point === undefined) return []
  const { medianNs, lowNs, highNs, count, kernel } = point
  return [
    `${timeText(medianNs)} (${timeText(lowNs)} to ${timeText(highNs)})`,
    countText(count, 'repeat'),
    ...(kernel === null ? [] : [visibleText(kernel)]),
  ]
}

function drawIntervals(surface: Surface, points: readonly TrendPoint[], colour: string): void {
  if (points.length > 200) return
  const { x, y } = surface
  drawWhiskers(
    surface,
    'up',
    points.map((point, at) => ({
      at: x.getPixelForValue(at),
      low: y.getPixelForValue(point.lowNs / 1e6),
      high: y.getPixelForValue(point.highNs / 1e6),
      colour,
    })),
  )
}
