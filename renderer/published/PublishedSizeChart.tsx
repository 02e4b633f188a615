import type { ChartConfiguration, Point } from 'chart.js'
import { useMemo } from 'react'
import type { PublishedCell } from '../../contract/published.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { signedPercentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { useInk } from '../charts/kit/ink.ts'
import { drawEndLabels, widestText } from '../charts/kit/surfaceDrawing.ts'
import { publishedPoints, schemeLine } from '../charts/schemeLine.ts'
import { timeBySizeOptions } from '../charts/timeBySizeOptions.ts'
import { schemeStyle } from '../style/schemeStyle.ts'

const leastPixels = 340

type Curve = { readonly scheme: SchemeId; readonly cells: readonly PublishedCell[] }

/** Time by size: lines are simulated, hollow diamonds are published. */
export function PublishedSizeChart({ cells }: { cells: readonly PublishedCell[] }) {
  const ink = useInk()
  const drawing = useMemo(() => {
    const curves = curvesOf(cells)
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: {
        datasets: [
          ...curves.map(curve => schemeLine(curve.scheme, pointsOf(curve, 'simulatedNs'), ink)),
          ...curves.map(curve => publishedPoints(curve.scheme, pointsOf(curve, 'publishedNs'), ink)),
        ],
      },
      options: timeBySizeOptions(ink, {
        sizeTitle: 'file size',
        sizes: [...new Set(cells.map(cell => cell.bytes))].sort((a, b) => a - b),
        timesNs: cells.flatMap(cell => [cell.publishedNs, cell.simulatedNs ?? cell.publishedNs]),
        right:
          widestText(
            curves.map(({ scheme }) => scheme),
            ink,
          ) + 16,
        tooltip: (dataset, index) => tooltipOf(curves[dataset % curves.length]?.cells[index]),
      }),
    }
    const drawOver = (surface: Surface) => {
      const labels = curves.flatMap(({ scheme, cells: ofScheme }) => {
        const last = ofScheme.at(-1)
        if (last?.simulatedNs === undefined || last.simulatedNs === null) return []
        const x = surface.x.getPixelForValue(last.bytes)
        const y = surface.y.getPixelForValue(last.simulatedNs)
        return [{ x, y, text: scheme, colour: schemeStyle(scheme, ink.theme).colour }]
      })
      drawEndLabels(surface, labels, ink)
    }
    return { config, drawOver }
  }, [cells, ink])
  return (
    <ChartFigure
      title="Time by size: lines simulated, diamonds published"
      simulated
      kind="size"
      height={leastPixels}
      canvas={
        <ChartCanvas
          label="Published and simulated time to load by file size, log axes; the table below has the figures"
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    />
  )
}

function curvesOf(cells: readonly PublishedCell[]): Curve[] {
  const curves = new Map<SchemeId, PublishedCell[]>()
  for (const cell of cells) {
    if (cell.scheme === null) continue
    curves.set(cell.scheme, [...(curves.get(cell.scheme) ?? []), cell])
  }
  return [...curves].map(([scheme, ofScheme]) => ({ scheme, cells: ofScheme }))
}

function pointsOf({ cells }: Curve, time: 'publishedNs' | 'simulatedNs'): Point[] {
  return cells.flatMap(cell => {
    const ns = cell[time]
    return ns === null ? [] : [{ x: cell.bytes, y: ns }]
  })
}

function tooltipOf(cell: PublishedCell | undefined) {
  if (cell === undefined || cell.simulatedNs === null) return { title: '', lines: [] }
  return {
    title: `${cell.scheme} ${sizeText(cell.bytes)}`,
    lines: [
      `published ${timeText(cell.publishedNs)}`,
      `simulated ${timeText(cell.simulatedNs)}, ${signedPercentText(cell.error ?? 0)}`,
    ],
  }
}
