import type { ChartConfiguration, ChartDataset, Point } from 'chart.js'
import { useMemo, useState } from 'react'
import type { PublishedCell } from '../../contract/published.ts'
import { signedPercentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { tickText } from '../../findings/words/tickText.ts'
import { logDomain, logTicks } from '../charts/kit/axisGrowth.ts'
import { tooltipStyle } from '../charts/kit/axisOptions.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { type Ink, useInk } from '../charts/kit/ink.ts'
import { logAxis, rowAxis } from '../charts/kit/logAxis.ts'
import { Segments } from '../controls/Segments.tsx'
import { schemeStyle } from '../style/schemeStyle.ts'

const rowPixels = 24
const axisPixels = 60

/** The ranking at one size: schemes in the published order, each with its published and its simulated time. */
export function RankChart({ cells }: { cells: readonly PublishedCell[] }) {
  const ink = useInk()
  const groups = useMemo(() => groupsOf(cells), [cells])
  const [chosen, setChosen] = useState<string | null>(null)
  const group = groups.find(({ title }) => title === chosen) ?? groups.at(-1)
  const rows = useMemo(() => [...(group?.cells ?? [])].sort((a, b) => a.publishedNs - b.publishedNs), [group])
  const drawing = useMemo(() => {
    const times = rows.flatMap(row => [row.publishedNs, row.simulatedNs ?? row.publishedNs])
    const domain = logDomain(times.flatMap(ns => [ns * 0.95, ns * 1.05])) ?? { min: 1e6, max: 1e9 }
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: { datasets: [simulatedDataset(rows, ink), publishedDataset(rows, ink)] },
      options: {
        layout: { padding: { right: 56, top: 4 } },
        scales: {
          x: logAxis(ink, { title: 'time to load', domain, ticks: logTicks(domain), text: tickText }),
          y: rowAxis(ink, rows.map(rowTitle)),
        },
        interaction: { mode: 'nearest', intersect: true },
        plugins: {
          tooltip: {
            ...tooltipStyle(ink),
            callbacks: {
              title: items => rowTitle(rows[items[0]?.parsed.y ?? -1]),
              label: item => rowLines(rows[item.parsed.y ?? -1]),
            },
          },
        },
      },
    }
    return { config, drawOver: (surface: Surface) => drawErrors(surface, rows, ink) }
  }, [rows, ink])
  if (group === undefined) return null
  return (
    <ChartFigure
      title="Published order: dots simulated, diamonds published"
      simulated
      kind="size"
      height={rows.length * rowPixels + axisPixels}
      controls={
        groups.length > 1 && (
          <Segments
            label="Size and condition"
            options={groups.map(({ title }) => ({ value: title, title }))}
            chosen={group.title}
            onChoose={setChosen}
          />
        )
      }
      canvas={
        <ChartCanvas
          label={`${rows.length} published and simulated times, ${group.title}; the table below has the figures`}
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    />
  )
}

type Group = { readonly title: string; readonly cells: readonly PublishedCell[] }

/** Figures that can be ranked: those of one size under one condition. */
function groupsOf(cells: readonly PublishedCell[]): Group[] {
  const conditions = new Set(cells.map(cell => cell.condition)).size
  const titleOf = ({ bytes, condition }: PublishedCell) =>
    conditions === 1 ? sizeText(bytes) : condition.replace(/ \(.*\)$/, '')
  return [...Map.groupBy(cells, titleOf)].map(([title, ofTitle]) => ({ title, cells: ofTitle }))
}

function rowTitle(row: PublishedCell | undefined): string {
  return row === undefined ? '' : (row.scheme ?? row.publishedName)
}

function rowLines(row: PublishedCell | undefined): string[] {
  if (row === undefined) return []
  const published = `published ${timeText(row.publishedNs)}, rank ${row.publishedRank ?? '-'}`
  if (row.simulatedNs === null) return [published, row.why]
  return [published, `simulated ${timeText(row.simulatedNs)}, rank ${row.simulatedRank ?? '-'}`]
}

function colourOf(row: PublishedCell, ink: Ink): string {
  return row.scheme === null ? ink.quiet : schemeStyle(row.scheme, ink.theme).colour
}

const dots = { showLine: false, pointHitRadius: 8, pointBorderWidth: 1.5 } as const

function simulatedDataset(rows: readonly PublishedCell[], ink: Ink): ChartDataset<'line', Point[]> {
  const placed = rows.flatMap((row, y) => (row.simulatedNs === null ? [] : [{ row, x: row.simulatedNs, y }]))
  return {
    ...dots,
    data: placed.map(({ x, y }) => ({ x, y })),
    pointRadius: 3,
    pointStyle: 'circle',
    pointBorderColor: placed.map(({ row }) => colourOf(row, ink)),
    pointBackgroundColor: placed.map(({ row }) => colourOf(row, ink)),
  }
}

function publishedDataset(rows: readonly PublishedCell[], ink: Ink): ChartDataset<'line', Point[]> {
  return {
    ...dots,
    data: rows.map((row, y) => ({ x: row.publishedNs, y })),
    pointRadius: 8,
    pointStyle: 'rectRot',
    pointBorderColor: rows.map(row => colourOf(row, ink)),
    pointBackgroundColor: 'transparent',
  }
}

/** The error of each row, at the right end. */
function drawErrors({ ctx, area, y }: Surface, rows: readonly PublishedCell[], ink: Ink): void {
  ctx.save()
  ctx.font = `11px ${ink.numbers}`
  ctx.fillStyle = ink.quiet
  ctx.textAlign = 'right'
  ctx.textBaseline = 'middle'
  for (const [index, row] of rows.entries()) {
    const text = row.error === null ? '-' : signedPercentText(row.error)
    ctx.fillText(text, area.right + 54, y.getPixelForValue(index))
  }
  ctx.restore()
}
