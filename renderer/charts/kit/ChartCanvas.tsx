import type { ChartArea, ChartConfiguration, ChartDataset, Scale } from 'chart.js'
import { type RefObject, useEffect, useRef } from 'react'
import { Chart } from './chartLibrary.ts'
import { drawQueue } from './drawQueue.ts'

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

/**
 * One canvas with one chart. A new `config` replaces the data and the options in a coming frame; nothing moves. One with
 * the same `options` object and the same labels in its data has new points alone, and is drawn without a new layout.
 */
export function ChartCanvas<K extends ChartKind, D>({ label, config, drawOver }: Props<K, D>) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<Chart<K, D, string> | null>(null)
  const over = useRef(drawOver)

  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const draw = () => {
      // What is drawn over belongs to this config: both change in the same frame.
      over.current = drawOver
      if (chart.current === null) chart.current = createChart(element, config, over)
      else if (hasNewPointsAlone(chart.current, config)) replacePoints(chart.current, config.data.datasets)
      else replaceConfig(chart.current, config)
    }
    drawQueue.add(element, draw, chart.current === null)
  }, [config, drawOver])

  useEffect(() => {
    const element = canvas.current
    return () => {
      if (element !== null) drawQueue.drop(element)
      chart.current?.destroy()
      chart.current = null
    }
  }, [])

  return <canvas ref={canvas} role="img" aria-label={label} />
}

function createChart<K extends ChartKind, D>(
  canvas: HTMLCanvasElement,
  config: ChartConfiguration<K, D, string>,
  over: RefObject<((surface: Surface) => void) | undefined>,
): Chart<K, D, string> {
  const chart = new Chart(canvas, {
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
  optionsOf.set(chart, config.options)
  return chart
}

function replaceConfig<K extends ChartKind, D>(
  chart: Chart<K, D, string>,
  config: ChartConfiguration<K, D, string>,
): void {
  chart.data = config.data
  if (config.options !== undefined) chart.options = config.options
  chart.update('none')
  optionsOf.set(chart, config.options)
}

/** chart.js wraps the options that it is given, so what they were is kept here. */
const optionsOf = new WeakMap<object, object | undefined>()

/** A label stands for its data set's style, as long as the options and so the ink are the same. */
function hasNewPointsAlone<K extends ChartKind, D>(
  chart: Chart<K, D, string>,
  { data, options }: ChartConfiguration<K, D, string>,
): boolean {
  const { datasets } = chart.data
  return (
    options !== undefined &&
    optionsOf.get(chart) === options &&
    datasets.length === data.datasets.length &&
    datasets.every(({ label }, at) => label !== undefined && label === data.datasets[at]?.label)
  )
}

/** What `update` does, without the scales: to measure their labels again takes longer than all the rest. */
function replacePoints<K extends ChartKind, D>(
  chart: Chart<K, D, string>,
  datasets: readonly ChartDataset<K, D>[],
): void {
  for (const [at, { data }] of datasets.entries()) {
    const dataset = chart.data.datasets[at]
    if (dataset === undefined || dataset.data === data) continue
    dataset.data = data
    const { controller } = chart.getDatasetMeta(at)
    controller.buildOrUpdateElements()
    controller.update('none')
  }
  chart.draw()
}
