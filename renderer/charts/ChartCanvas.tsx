import type { ChartArea, ChartConfiguration, Scale } from 'chart.js'
import { useEffect, useRef } from 'react'
import { Chart } from './chartLibrary.ts'

/** Where a chart is drawn over: labels, whiskers and lines that chart.js has no element for. */
export type Surface = {
  readonly ctx: CanvasRenderingContext2D
  readonly area: ChartArea
  readonly x: Scale
  readonly y: Scale
}

type ChartKind = 'bar' | 'line'

type Props<K extends ChartKind, D> = {
  /** What the chart shows, for those who do not see it. The data table below it has the figures. */
  readonly label: string
  readonly config: ChartConfiguration<K, D, string>
  readonly drawOver?: (surface: Surface) => void
}

/** One canvas with one chart. A new `config` replaces the data and the options; nothing moves. */
export function ChartCanvas<K extends ChartKind, D>({ label, config, drawOver }: Props<K, D>) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart<K, D, string> | null>(null)
  const over = useRef(drawOver)
  over.current = drawOver

  useEffect(() => {
    if (canvas.current === null) return
    const current = chart.current
    if (current === null) {
      chart.current = new Chart(canvas.current, {
        ...config,
        plugins: [
          {
            id: 'over',
            afterDatasetsDraw: ({ ctx, chartArea, scales: { x, y } }) => {
              if (x !== undefined && y !== undefined) over.current?.({ ctx, area: chartArea, x, y })
            },
          },
        ],
      })
      return
    }
    current.data = config.data
    if (config.options !== undefined) current.options = config.options
    current.update('none')
  }, [config])

  useEffect(
    () => () => {
      chart.current?.destroy()
      chart.current = null
    },
    [],
  )

  return <canvas ref={canvas} role="img" aria-label={label} />
}
