import { z } from 'zod'
import { fail } from './error.ts'

export const KiB = 1024
export const MiB = 1024 * KiB
export const GiB = 1024 * MiB
export const TiB = 1024 * GiB

const units: ReadonlyArray<readonly [suffix: string, bytes: number]> = [
  ['TiB', TiB],
  ['GiB', GiB],
  ['MiB', MiB],
  ['KiB', KiB],
  ['B', 1],
]

const unitBytes = new Map<string, number>([
  ...units.map(([suffix, bytes]) => [suffix.toLowerCase(), bytes] as const),
  ['', 1],
  ['k', KiB],
  ['m', MiB],
  ['g', GiB],
  ['t', TiB],
])

/** A count of bytes that a double holds exactly (below 2^53). */
export const bytesSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
/** Integer nanoseconds; 2^53 ns is 104 days. */
export const nsSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)

/**
 * Reads `512KiB`, `8MiB`, `1.5GiB`, `1g` or a plain count of bytes.
 * @throws LabFailure `bad-input` for anything else, zero, negative, or beyond 2^53.
 */
export function parseSize(text: string): number {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  const factor = match?.[2] === undefined ? undefined : unitBytes.get(match[2].toLowerCase())
  if (match?.[1] === undefined || factor === undefined) {
    fail(
      'bad-input',
      `"${text}" is not a size`,
      'Write a size like 512KiB, 8MiB, 1GiB, or a number of bytes.',
    )
  }
  const bytes = Number(match[1]) * factor
  if (bytes <= 0)
    fail('bad-input', `the size "${text}" is not above zero`, 'Give a size of at least one byte.')
  if (!Number.isSafeInteger(bytes)) {
    fail(
      'bad-input',
      `the size "${text}" is not a whole number of bytes below 2^53`,
      'Give a smaller or rounder size.',
    )
  }
  return bytes
}

/** The shortest exact text where one exists (`8MiB`), else three significant digits (`1.43GiB`). */
export function formatSize(bytes: number): string {
  for (const [suffix, factor] of units) {
    if (bytes < factor) continue
    const count = bytes / factor
    if (Number.isInteger(count) || suffix === 'B') return `${count}${suffix}`
    return `${Number(count.toPrecision(Math.max(3, Math.ceil(Math.log10(count)))))}${suffix}`
  }
  return `${bytes}B`
}

/** For people and for programs: `8MiB (8388608 bytes)`. */
export function sizeAndBytes(bytes: number): string {
  return `${formatSize(bytes)} (${bytes} bytes)`
}
