import type { ChartConfiguration, Point } from 'chart.js'
import { memo, useMemo } from 'react'
import type { GatherSweep } from '../../contract/model.ts'
import { type SchemeId, schemeIds } from '../../contract/schemes.ts'
import { msText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { type Column, DataTable } from '../charts/kit/DataTable.tsx'
import { type Ink, useInk } from '../charts/kit/ink.ts'
import { schemeLine } from '../charts/schemeLine.ts'
import { useTimeBySizeOptions } from '../charts/timeBySizeOptions.ts'
import { hasGathers, turn } from './modelStore.ts'

const leastPixels = 240

type Props = {
  /** What the axes belong to: a new one starts them afresh. */
  readonly subject: string
  readonly scheme: SchemeId
  readonly sweep: GatherSweep
  /** Where the slider stands. */
  readonly gatherBytes: number
}

/** Total time over the gather size, with the best one and the region where the choice does not matter. */
export const GatherChart = memo(({ subject, scheme, sweep, gatherBytes }: Props) => {
  const ink = useInk()
  const { points } = sweep
  const options = useTimeBySizeOptions(ink, subject, {
    sizeTitle: 'gather',
    sizes: labelledSizes(points.map(point => point.gatherBytes)),
    timesNs: points.map(point => point.totalNs),
    right: 16,
    tooltip: (_dataset, index) => {
      const point = points[index]
      return point === undefined
        ? { title: '', lines: [] }
        : { title: sizeText(point.gatherBytes), lines: [timeText(point.totalNs)] }
    },
  })
  const config = useMemo(() => {
    const drawn: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: {
        datasets: [
          schemeLine(
            scheme,
            points.map(point => ({ x: point.gatherBytes, y: point.totalNs })),
            ink,
          ),
        ],
      },
      options,
    }
    return drawn
  }, [scheme, points, options, ink])
  const drawOver = useMemo(
    () => (surface: Surface) => drawRegion(surface, sweep, gatherBytes, ink),
    [sweep, gatherBytes, ink],
  )
  return (
    <ChartFigure
      title="Time by gather"
      simulated
      kind="size"
      height={leastPixels}
      controls={
        <select
          aria-label="Scheme of the gather sweep"
          value={scheme}
          onChange={event => {
            const swept = schemeIds.find(id => id === event.target.value)
            if (swept !== undefined) turn({ swept })
          }}
        >
          {schemeIds.filter(hasGathers).map(id => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      }
      canvas={
        <ChartCanvas
          label={`Predicted time of ${scheme} by gather size; best ${sizeText(sweep.bestBytes)}`}
          config={config}
          drawOver={drawOver}
        />
      }
    >
      <DataTable
        caption="time by gather"
        columns={columns}
        rows={sweep.points}
        keyOf={point => point.gatherBytes}
      />
    </ChartFigure>
  )
})

const columns: ReadonlyArray<Column<GatherSweep['points'][number]>> = [
  { title: 'gather', numeric: true, cell: point => sizeText(point.gatherBytes) },
  { title: 'total ms', numeric: true, cell: point => msText(point.totalNs) },
]

/** Every other size: the sweep has two steps to a doubling, and the axis has room for one label in two doublings. */
function labelledSizes(sizes: readonly number[]): number[] {
  const last = sizes.length - 1
  return sizes.filter((_, at) => (at % 4 === 0 && at < last - 1) || at === last)
}

function drawRegion({ ctx, area, x }: Surface, sweep: GatherSweep, gatherBytes: number, ink: Ink): void {
  const from = x.getPixelForValue(sweep.flatFromBytes)
  const to = x.getPixelForValue(sweep.flatToBytes)
  const best = x.getPixelForValue(sweep.bestBytes)
  const now = x.getPixelForValue(gatherBytes)
  ctx.save()
  ctx.fillStyle = ink.quiet
  ctx.globalAlpha = 0.12
  ctx.fillRect(from, area.top, Math.max(2, to - from), area.bottom - area.top)
  ctx.globalAlpha = 1
  ctx.font = `11px ${ink.numbers}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'top'
  const middle = Math.min(area.right - 70, Math.max(area.left + 70, (from + to) / 2))
  ctx.fillText('within 2 % of the best', middle, area.top + 4)
  ctx.fillStyle = ink.ink
  ctx.fillText(
    `best ${sizeText(sweep.bestBytes)}`,
    Math.min(area.right - 40, Math.max(area.left + 40, best)),
    area.top + 20,
  )
  ctx.strokeStyle = ink.ink
  drawUpright(ctx, area, best, [])
  drawUpright(ctx, area, now, [3, 3])
  ctx.restore()
}

function drawUpright(
  ctx: CanvasRenderingContext2D,
  area: Surface['area'],
  at: number,
  dash: readonly number[],
): void {
  if (at < area.left || at > area.right) return
  ctx.setLineDash([...dash])
  ctx.beginPath()
  ctx.moveTo(at, area.top + 34)
  ctx.lineTo(at, area.bottom)
  ctx.stroke()
}
