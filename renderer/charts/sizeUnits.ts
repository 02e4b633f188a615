import { percentText, rateText } from '../../findings/words/figureText.ts'
import { tickText } from '../../findings/words/tickText.ts'

export const sizeUnits = ['time', 'throughput', 'of ceiling'] as const
export type SizeUnit = (typeof sizeUnits)[number]

/** A load of `bytes` in `ns` in a unit: ns, bytes per second, or a share of the ceiling (bytes per second, too). */
export function inUnit(
  unit: SizeUnit,
  bytes: number,
  ns: number,
  ceilingBytesPerSecond: number | null,
): number {
  const bytesPerSecond = bytes / (ns / 1e9)
  switch (unit) {
    case 'time':
      return ns
    case 'throughput':
      return bytesPerSecond
    case 'of ceiling':
      return bytesPerSecond / (ceilingBytesPerSecond ?? Number.NaN)
  }
}

export const unitTitles: Record<SizeUnit, string> = {
  time: 'time to load',
  throughput: 'throughput',
  'of ceiling': 'throughput of ceiling',
}

export function unitText(unit: SizeUnit, value: number): string {
  if (unit === 'time') return tickText(value)
  return unit === 'throughput' ? rateText(value) : percentText(value)
}
