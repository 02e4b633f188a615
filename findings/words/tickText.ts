import { timeText } from './figureText.ts'

/** A time on an axis, as short as it can be: 10 ms rather than 10.0 ms. */
export function tickText(ns: number): string {
  if (ns === 0) return '0'
  return timeText(ns).replace(/(\.\d*?)0+(?= )/, (_zeros, fraction: string) =>
    fraction === '.' ? '' : fraction,
  )
}
