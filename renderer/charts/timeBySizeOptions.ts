import type { ChartOptions } from 'chart.js'
import { useEffect, useMemo, useRef } from 'react'
import { sizeText } from '../../findings/words/figureText.ts'
import { tickText } from '../../findings/words/tickText.ts'
import { type Domain, logDomain, logTicks } from './kit/axisGrowth.ts'
import { tooltipStyle } from './kit/axisOptions.ts'
import type { Ink } from './kit/ink.ts'
import { logAxis } from './kit/logAxis.ts'
import { useGrowingDomain } from './kit/useGrowingDomain.ts'
import { sizeDomain } from './sizeSeries.ts'

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

/**
 * The same options object for as long as the axes are the same, so that points which move are drawn quickly. The axes
 * only grow, and keep their labelled sizes; a new `subject` starts them afresh.
 */
export function useTimeBySizeOptions(ink: Ink, subject: string, axes: Axes): ChartOptions<'line'> {
  const { sizeTitle, right } = axes
  const tooltip = useRef(axes.tooltip)
  useEffect(() => {
    tooltip.current = axes.tooltip
  })
  const times = useGrowingDomain(subject, logDomain(axes.timesNs))
  const sizes = useGrowingDomain(subject, sizeDomain(axes.sizes))
  const labelled = useRef({ subject, sizes: axes.sizes })
  if (labelled.current.subject !== subject) labelled.current = { subject, sizes: axes.sizes }
  const ticks = labelled.current.sizes
  const ticksText = ticks.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ticks are the same while their text is
  return useMemo(
    () =>
      optionsOf(
        ink,
        { sizeTitle, right, tooltip: (...point) => tooltip.current(...point) },
        {
          sizes,
          ticks,
          times,
        },
      ),
    [ink, sizeTitle, right, sizes, ticksText, times],
  )
}

/** Axes and tooltip of a chart of times over sizes on log axes, whatever the points are. */
export function timeBySizeOptions(ink: Ink, axes: Axes): ChartOptions<'line'> {
  const { sizes } = axes
  const times = logDomain(axes.timesNs) ?? noTimes
  return optionsOf(ink, axes, { sizes: sizeDomain(sizes), ticks: sizes, times })
}

type Ranges = { readonly sizes: Domain; readonly ticks: readonly number[]; readonly times: Domain }

function optionsOf(
  ink: Ink,
  axes: Pick<Axes, 'sizeTitle' | 'right' | 'tooltip'>,
  { sizes, ticks, times }: Ranges,
): ChartOptions<'line'> {
  return {
    layout: { padding: { right: axes.right, top: 6 } },
    scales: {
      x: logAxis(ink, { title: axes.sizeTitle, domain: sizes, ticks, text: sizeText }),
      y: logAxis(ink, { title: 'time to load', domain: times, ticks: logTicks(times), text: tickText }),
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
