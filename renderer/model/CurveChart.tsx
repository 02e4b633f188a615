import type { ChartConfiguration, Point } from 'chart.js'
import { memo, useMemo } from 'react'
import type { Prediction } from '../../contract/model.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { percentText, sizeText, timeText } from '../../findings/words/figureText.ts'
import { ChartCanvas, type Surface } from '../charts/kit/ChartCanvas.tsx'
import { ChartFigure } from '../charts/kit/ChartFigure.tsx'
import { useInk } from '../charts/kit/ink.ts'
import { drawEndLabels, widestText } from '../charts/kit/surfaceDrawing.ts'
import { schemeLine } from '../charts/schemeLine.ts'
import { useTimeBySizeOptions } from '../charts/timeBySizeOptions.ts'
import { schemeStyle } from '../style/schemeStyle.ts'
import { PredictionTable } from './PredictionTable.tsx'

const leastPixels = 240

type Props = {
  /** What the axes belong to: a new one starts them afresh. */
  readonly subject: string
  readonly predictions: readonly Prediction[]
}

type Curve = { readonly scheme: SchemeId; readonly rows: readonly Timed[] }
type Timed = Prediction & { readonly totalNs: number }

/** Predicted time by file size, up to the file's. */
export const CurveChart = memo(({ subject, predictions }: Props) => {
  const ink = useInk()
  const curves = useMemo(() => curvesOf(predictions), [predictions])
  const options = useTimeBySizeOptions(ink, subject, {
    sizeTitle: 'file size',
    sizes: [...new Set(predictions.map(row => row.bytes))],
    timesNs: curves.flatMap(({ rows }) => rows.map(row => row.totalNs)),
    right:
      widestText(
        curves.map(({ scheme }) => scheme),
        ink,
      ) + 16,
    tooltip: (dataset, index) => tooltipOf(curves[dataset], index),
  })
  const drawing = useMemo(() => {
    const config: ChartConfiguration<'line', Point[], string> = {
      type: 'line',
      data: {
        datasets: curves.map(({ scheme, rows }) =>
          schemeLine(
            scheme,
            rows.map(row => ({ x: row.bytes, y: row.totalNs })),
            ink,
          ),
        ),
      },
      options,
    }
    const drawOver = (surface: Surface) => {
      const labels = curves.flatMap(({ scheme, rows }) => {
        const last = rows.at(-1)
        if (last === undefined) return []
        const x = surface.x.getPixelForValue(last.bytes)
        const y = surface.y.getPixelForValue(last.totalNs)
        return [{ x, y, text: scheme, colour: schemeStyle(scheme, ink.theme).colour }]
      })
      drawEndLabels(surface, labels, ink)
    }
    return { config, drawOver }
  }, [curves, options, ink])
  return (
    <ChartFigure
      title="Time by size"
      simulated
      kind="size"
      height={leastPixels}
      canvas={
        <ChartCanvas
          label="Predicted time to load by file size, log axes"
          config={drawing.config}
          drawOver={drawing.drawOver}
        />
      }
    >
      <PredictionTable predictions={predictions} />
    </ChartFigure>
  )
})

function curvesOf(predictions: readonly Prediction[]): Curve[] {
  const timed = predictions.filter((row): row is Timed => row.totalNs !== null)
  return [...Map.groupBy(timed, row => row.scheme)].map(([scheme, rows]) => ({ scheme, rows }))
}

function tooltipOf(curve: Curve | undefined, index: number) {
  const row = curve?.rows[index]
  if (row === undefined) return { title: '', lines: [] }
  const won = row.overlapWon === null ? [] : [`${percentText(row.overlapWon)} of the overlap won`]
  return { title: row.scheme, lines: [`${sizeText(row.bytes)}  ${timeText(row.totalNs)}`, ...won] }
}
