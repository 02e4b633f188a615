import type { ChartOptions } from 'chart.js'
import { sizeText } from '../../engine/stats/figureText.ts'
import { type Domain, logDomain, logTicks } from './axisGrowth.ts'
import { tooltipStyle } from './axisOptions.ts'
import type { Ink } from './ink.ts'
import { logAxis } from './logAxis.ts'
import { sizeDomain } from './sizeSeries.ts'
import { tickText } from './tickText.ts'

type Axes = {
  readonly sizeTitle: string
  /** Labelled on the x axis. */
  readonly sizes: readonly number[]
  readonly timesNs: readonly number[]
  /** Room for labels at the right end. */
  readonly right: number
  readonly tooltip: (dataset: number, index: number) => { title: string; lines: string[] }
}

const noTimes: Domain = { min: 1e6, max: 1e9 }

/** Axes and tooltip of a chart of times over sizes on log axes, whatever the points are. */
export function timeBySizeOptions(ink: Ink, axes: Axes): ChartOptions<'line'> {
  const y = logDomain(axes.timesNs) ?? noTimes
  return {
    layout: { padding: { right: axes.right, top: 6 } },
    scales: {
      x: logAxis(ink, {
        title: axes.sizeTitle,
        domain: sizeDomain(axes.sizes),
        ticks: axes.sizes,
        text: sizeText,
      }),
      y: logAxis(ink, { title: 'time to load', domain: y, ticks: logTicks(y), text: tickText }),
    },
    interaction: { mode: 'nearest', intersect: true },
    plugins: {
      tooltip: {
        ...tooltipStyle(ink),
        callbacks: {
          title: items => axes.tooltip(items[0]?.datasetIndex ?? -1, items[0]?.dataIndex ?? -1).title,
          label: item => axes.tooltip(item.datasetIndex, item.dataIndex).lines,
        },
      },
    },
  }
}
