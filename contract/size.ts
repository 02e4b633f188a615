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
  const match = /^(-?\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const factor = match?.[2] === undefined ? undefined : unitBytes.get(match[2].toLowerCase())
  if (match?.[1] === undefined || factor === undefined) {
    fail('bad-input', `"${shortened(text)}" is not a size`, hintFor(text.trim()))
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

/** What was meant, where that can be told: a decimal comma, or a decimal unit, which a size is never silently read as. */
function hintFor(text: string): string {
  const comma = /^(\d+),(\d+\s*[a-z]*)$/i.exec(text)
  if (comma !== null) return `Write ${comma[1]}.${comma[2]}: a comma separates sizes.`
  const decimal = /^(\d+(?:\.\d+)?)\s*([kmgt])b$/i.exec(text)
  const [, count = '', letter = ''] = decimal ?? []
  const factor = 1000 ** ('kmgt'.indexOf(letter.toLowerCase()) + 1)
  if (decimal === null || !Number.isSafeInteger(Number(count) * factor)) {
    return 'Write a size like 512KiB, 8MiB, 1GiB, or a number of bytes.'
  }
  const binary = `${count}${letter.toUpperCase()}iB`
  return `Write ${binary}, which is ${parseSize(binary)} bytes, or ${Number(count) * factor} for so many bytes.`
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
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
