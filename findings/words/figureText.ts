import { formatSize } from '../../contract/size.ts'

const timeUnits = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
] as const

const rateUnits = [
  ['GB/s', 1e9],
  ['MB/s', 1e6],
  ['kB/s', 1e3],
  ['B/s', 1],
] as const

/** In place of what is no number: a division by a time of 0. */
const notAFigure = '-'

/** Three significant digits, never in exponent form: 0.0123, 7.5, 751, 1530. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return notAFigure
  if (value === 0) return '0'
  const digitsBefore = Math.floor(Math.log10(Math.abs(value))) + 1
  const rounded = Number(value.toPrecision(3))
  return digitsBefore >= 3 ? String(rounded) : rounded.toFixed(decimalsOf(rounded))
}

function decimalsOf(rounded: number): number {
  const digitsBefore = Math.floor(Math.log10(Math.abs(rounded))) + 1
  return Math.min(12, Math.max(0, 3 - digitsBefore))
}

function inUnits(value: number, units: ReadonlyArray<readonly [string, number]>): string {
  if (!Number.isFinite(value)) return notAFigure
  const smallest = units[units.length - 1]
  // A value that rounds up to 1000 of a unit is shown in the next one: 999.6 ms is 1.00 s.
  const unit = units.find(([, factor]) => Number((Math.abs(value) / factor).toPrecision(3)) >= 1) ?? smallest
  if (unit === undefined) return String(value)
  return `${threeDigits(value / unit[1])} ${unit[0]}`
}

/** A time in its natural unit: 812 µs, 751 ms, 1.53 s. */
export function timeText(ns: number): string {
  return inUnits(ns, timeUnits)
}

/** Bytes per second in decimal units: 1.43 GB/s. */
export function rateText(bytesPerSecond: number): string {
  return inUnits(bytesPerSecond, rateUnits)
}

/** A size in binary units, with a space for the screen: 512 KiB. */
export function sizeText(bytes: number): string {
  return formatSize(bytes).replace(/([KMGT]?i?B)$/, ' $1')
}

/** A fraction as percent: whole from 10 % on, one decimal below. */
export function percentText(fraction: number): string {
  if (!Number.isFinite(fraction)) return notAFigure
  const percent = fraction * 100
  const text = Math.abs(percent) >= 9.95 ? percent.toFixed(0) : percent.toFixed(1)
  return `${text === '-0.0' ? '0.0' : text} %`
}

/** A deviation as percent, with its sign: +5.3 %, -18 %. */
export function signedPercentText(fraction: number): string {
  const text = percentText(Math.abs(fraction))
  if (text === percentText(0)) return text
  return `${fraction < 0 ? '-' : '+'}${text}`
}

/** How long a person waits: 45 s, 2 min 10 s, 1 h 5 min. */
export function waitText(ns: number): string {
  const seconds = Math.max(1, Math.round(ns / 1e9))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0
    ? `${Math.floor(minutes / 60)} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function msText(ns: number): string {
  return threeDigits(ns / 1e6)
}

/** `1 sample`, `3 samples`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A point in time as the person's own clock shows it, to the second: 2026-11-21 20:02:54. */
export function clockText(iso: string): string {
  const date = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
