import type { Scale } from 'chart.js'
import type { Domain } from './axisGrowth.ts'
import { axisTitle, gridStyle, tickStyle } from './axisOptions.ts'
import type { Ink } from './ink.ts'

type LogAxis = {
  readonly title: string
  readonly domain: Domain
  /** Where the axis is labelled, and nowhere else. */
  readonly ticks: readonly number[]
  readonly text: (value: number) => string
}

export function logAxis(ink: Ink, { title, domain, ticks, text }: LogAxis) {
  return {
    type: 'logarithmic' as const,
    ...domain,
    title: axisTitle(ink, title),
    grid: gridStyle(ink),
    ticks: { ...tickStyle(ink), callback: (value: string | number) => text(Number(value)) },
    afterBuildTicks: (axis: Scale) => {
      axis.ticks = ticks.map(value => ({ value }))
    },
  }
}

/** An upright axis with a named row for each value 0, 1, …, the first on top. */
export function rowAxis(ink: Ink, names: readonly string[]) {
  return {
    type: 'linear' as const,
    reverse: true,
    min: -0.5,
    max: names.length - 0.5,
    grid: { display: false },
    ticks: {
      ...tickStyle(ink),
      color: ink.ink,
      autoSkip: false,
      callback: (value: string | number) => names[Number(value)] ?? '',
    },
    afterBuildTicks: (axis: Scale) => {
      axis.ticks = names.map((_, value) => ({ value }))
    },
  }
}
