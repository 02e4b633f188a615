import type { ChartConfiguration, ChartDataset } from 'chart.js'
import { useMemo, useState } from 'react'
import { type Cell, sizesOf } from '../../findings/cells.ts'
import { type OverlapRow, overlapRows } from '../../findings/overlapRows.ts'
import { columnTitles, inMs } from '../../findings/words/columnTitles.ts'
import { msText, percentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { Segments } from '../controls/Segments.tsx'
import { phaseColours } from '../style/phaseStyle.ts'
import { SchemeName } from '../style/SchemeName.tsx'
import { schemeStyle } from '../style/schemeStyle.ts'
import { zeroDomain } from './kit/axisGrowth.ts'
import { axisTitle, gridStyle, tickStyle, tooltipStyle } from './kit/axisOptions.ts'
import { ChartCanvas, type Surface } from './kit/ChartCanvas.tsx'
import { ChartFigure } from './kit/ChartFigure.tsx'
import { type Column, DataTable } from './kit/DataTable.tsx'
import { type FloatBar, floatBar } from './kit/floatBar.ts'
import { hatch } from './kit/hatch.ts'
import { type Ink, useInk } from './kit/ink.ts'
import { drawWhiskers } from './kit/surfaceDrawing.ts'
import { tickText } from './kit/tickText.ts'
import { useGrowingDomain } from './kit/useGrowingDomain.ts'

type Props = {
  readonly subject: string
  readonly cells: readonly Cell[]
  readonly simulated: boolean
}

const rowPixels = 42
const denseRowPixels = 32
const fewRows = 8
const axisPixels = 46

/** Serial sum as an outlined stack beside the total as a filled bar; what overlap hid is hatched between them. */
export function OverlapChart({ subject, cells, simulated }: Props) {
  const ink = useInk()
  const sizes = useMemo(() => sizesOf(cells), [cells])
  const [chosen, setChosen] = useState<number | null>(null)
  const bytes = chosen !== null && sizes.includes(chosen) ? chosen : (sizes.at(-1) ?? 0)
  const rows = useMemo(() => overlapRows(cells, bytes), [cells, bytes])
  const x = useGrowingDomain(
    `${subject}/${bytes}`,
    zeroDomain(rows.flatMap(row => [row.cell.summary.high, row.serialNs ?? 0])),
  )
  const drawing = useMemo(() => {
    const config: ChartConfiguration<'bar', FloatBar[], string> = {
      type: 'bar',
      data: { labels: rows.map(row => row.cell.scheme), datasets: datasetsOf(rows, simulated, ink) },
      options: {
        indexAxis: 'y',
        layout: { padding: { right: 12 } },
        scales: {
          x: {
            type: 'linear',
            stacked: false,
            ...x,
            title: axisTitle(ink, `time for ${sizeText(bytes)}`),
            grid: gridStyle(ink),
            ticks: { ...tickStyle(ink), maxRotation: 0, callback: value => tickText(Number(value)) },
          },
          // Only the category axis stacks: bars of one stack share a slot, their ends are times, not sums.
          y: {
            type: 'category',
            stacked: true,
            grid: { display: false },
            ticks: { ...tickStyle(ink), color: ink.ink, autoSkip: false },
          },
        },
        plugins: {
          tooltip: {
            ...tooltipStyle(ink),
            callbacks: { label: item => rowLines(rows[item.dataIndex]) },
          },
        },
      },
    }
    return { config, drawOver: (surface: Surface) => drawRows(surface, { rows, simulated, ink }) }
  }, [rows, bytes, x, ink, simulated])
  return (
    <ChartFigure
      title="Serial sum T(alloc) + T(I/O) beside the total"
      simulated={simulated}
      kind="overlap"
      height={rows.length * (rows.length > fewRows ? denseRowPixels : rowPixels) + axisPixels}
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
          label={`Serial sum and total at ${sizeText(bytes)} for ${rows.length} schemes`}
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    >
      <DataTable
        caption="serial sum and total"
        columns={columns}
        rows={rows}
        keyOf={row => row.cell.scheme}
      />
    </ChartFigure>
  )
}

function datasetsOf(
  rows: readonly OverlapRow[],
  simulated: boolean,
  ink: Ink,
): Array<ChartDataset<'bar', FloatBar[]>> {
  const phases = phaseColours[ink.theme]
  const shape = { barPercentage: barShare, categoryPercentage: categoryShare }
  const outline = (colour: string) => ({
    ...shape,
    stack: 'serial',
    backgroundColor: 'transparent',
    borderColor: colour,
    borderWidth: 1.5,
    borderSkipped: false as const,
  })
  const colours = rows.map(row => schemeStyle(row.cell.scheme, ink.theme).colour)
  return [
    { ...outline(phases.alloc), data: rows.flatMap((row, index) => allocBar(row, index)) },
    { ...outline(phases.read), data: rows.flatMap((row, index) => readBar(row, index)) },
    {
      ...shape,
      stack: 'total',
      data: rows.map((row, index) => floatBar(index, 0, row.cell.summary.median)),
      backgroundColor: simulated ? colours.map(colour => `${colour}66`) : colours,
    },
    {
      ...shape,
      stack: 'total',
      data: rows.map((row, index) =>
        floatBar(index, row.cell.summary.median, row.cell.summary.median + row.hiddenNs),
      ),
      backgroundColor: rows.map((_, index) => hatch(colours[index] ?? ink.edge)),
    },
  ]
}

function allocBar(row: OverlapRow, index: number): FloatBar[] {
  return [floatBar(index, 0, row.allocNs ?? 0)]
}

function readBar(row: OverlapRow, index: number): FloatBar[] {
  const from = row.allocNs ?? 0
  return [floatBar(index, from, from + (row.readNs ?? 0))]
}

function rowLines(row: OverlapRow | undefined): string[] {
  if (row === undefined) return []
  const total = `T = ${timeText(row.cell.summary.median)}`
  if (row.serialNs === null || row.allocNs === null || row.readNs === null) return [total]
  return [
    `T(alloc) + T(I/O) = ${timeText(row.allocNs)} + ${timeText(row.readNs)} = ${timeText(row.serialNs)}`,
    total,
    row.hiddenNs > 0
      ? `overlap hid ${timeText(row.hiddenNs)}, ${percentText(row.hiddenShare)}`
      : 'nothing hidden',
  ]
}

/** Of a row's height, for its two bars. */
const categoryShare = 0.85

/** Of a bar's share of the row, for the bar itself. */
const barShare = 0.9

const leastShownShare = 0.02

type Drawn = { readonly rows: readonly OverlapRow[]; readonly simulated: boolean; readonly ink: Ink }

/** Lengths inside the outlined stack, the hidden share on its hatch, and the total's interval. */
function drawRows(surface: Surface, { rows, simulated, ink }: Drawn): void {
  const { ctx, x, y } = surface
  const slot = rowHeight(surface, rows.length)
  ctx.save()
  ctx.font = `11px ${ink.numbers}`
  ctx.textBaseline = 'middle'
  for (const [index, row] of rows.entries()) {
    const middle = y.getPixelForValue(index)
    const upper = middle - slot / 4
    const lower = middle + slot / 4
    const at = (ns: number) => x.getPixelForValue(ns)
    if (simulated) {
      const { colour } = schemeStyle(row.cell.scheme, ink.theme)
      const thickness = (slot / 2) * barShare
      drawDotted(ctx, [at(0), lower - thickness / 2, at(row.cell.summary.median) - at(0), thickness], colour)
    }
    ctx.fillStyle = ink.ink
    if (row.allocNs !== null) inside(ctx, `alloc ${timeText(row.allocNs)}`, at(0), at(row.allocNs), upper)
    if (row.readNs !== null) {
      const from = row.allocNs ?? 0
      inside(ctx, `I/O ${timeText(row.readNs)}`, at(from), at(from + row.readNs), upper)
    }
    if (row.cell.summary.low < row.cell.summary.high) {
      const interval = {
        at: lower,
        low: at(row.cell.summary.low),
        high: at(row.cell.summary.high),
        colour: ink.ink,
      }
      drawWhiskers(surface, 'across', [interval])
    }
    if (row.hiddenShare >= leastShownShare) {
      const region = {
        from: at(row.cell.summary.median),
        to: at(row.cell.summary.median + row.hiddenNs),
        after: at(row.cell.summary.high),
      }
      drawHidden(ctx, `${percentText(row.hiddenShare)} hidden`, region, lower, ink)
    }
  }
  ctx.restore()
}

/** What the two stacks of one row share; each has its centre a quarter of it off the middle. */
function rowHeight({ area }: Surface, rows: number): number {
  return ((area.bottom - area.top) / Math.max(1, rows)) * categoryShare
}

function drawDotted(
  ctx: CanvasRenderingContext2D,
  [left, top, width, height]: readonly [number, number, number, number],
  colour: string,
): void {
  ctx.save()
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.5
  ctx.setLineDash([1.5, 2.5])
  ctx.strokeRect(left, top, width, height)
  ctx.restore()
}

function inside(ctx: CanvasRenderingContext2D, text: string, from: number, to: number, y: number): void {
  const width = ctx.measureText(text).width
  if (width + 8 <= to - from) ctx.fillText(text, (from + to) / 2 - width / 2, y)
}

type HiddenRegion = { readonly from: number; readonly to: number; readonly after: number }

/** On a plate inside the hatch, so that no line crosses the letters; beside it where it is too narrow for them. */
function drawHidden(
  ctx: CanvasRenderingContext2D,
  text: string,
  { from, to, after }: HiddenRegion,
  y: number,
  ink: Ink,
): void {
  const width = ctx.measureText(text).width
  const fits = width + 12 <= to - from
  const left = fits ? (from + to) / 2 - width / 2 : Math.max(to, after) + 8
  ctx.fillStyle = ink.ground
  ctx.fillRect(left - 3, y - 7, width + 6, 14)
  ctx.fillStyle = ink.ink
  ctx.fillText(text, left, y)
}

const numeric = true
const ms = (ns: number | null) => (ns === null ? '-' : msText(ns))

const columns: ReadonlyArray<Column<OverlapRow>> = [
  {
    title: 'scheme',
    cell: ({ cell }) => <SchemeName scheme={cell.scheme} />,
  },
  { title: inMs(columnTitles.allocTerm), numeric, cell: row => ms(row.allocNs) },
  { title: inMs(columnTitles.readTerm), numeric, cell: row => ms(row.readNs) },
  { title: inMs(columnTitles.serialSum), numeric, cell: row => ms(row.serialNs) },
  { title: inMs(columnTitles.total), numeric, cell: row => ms(row.cell.summary.median) },
  { title: inMs(columnTitles.overlappedBound), numeric, cell: row => ms(row.boundNs) },
  { title: 'hidden ms', numeric, cell: row => ms(row.hiddenNs) },
  { title: 'hidden', numeric, cell: row => percentText(row.hiddenShare) },
  { title: columnTitles.overlapWon, numeric, cell: row => (row.won === null ? '-' : percentText(row.won)) },
]
