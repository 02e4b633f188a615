import type { StoredSample } from '../contract/sample.ts'
import { type SchemeId, schemeIds, schemeOf } from '../contract/schemes.ts'
import { GiB } from '../contract/size.ts'
import { hideableOf, isCleanTwinPair, isMostlyOverlap, partsOf } from './causes.ts'
import { type Cell, medianSample, schemesOf, sizesOf, type Timed } from './cells.ts'
import { type CellPair, compareCells } from './compareCells.ts'
import type { Comparison, Verdict } from './statistics/comparePairs.ts'
import { sizeText } from './words/figureText.ts'
import { costText, savedText } from './words/pictureText.ts'

/** What a bar is made of, from the bottom up. `rest`: opening, handing over, waiting. */
export const costParts = ['first gather', 'alloc', 'map', 'create', 'I/O', 'rest'] as const
export type CostPart = (typeof costParts)[number]

/** A load's cost in ns per GiB. The parts are those of the cell's median sample and add up to its total. */
export type CostBar = {
  readonly cell: Cell
  readonly sample: Timed
  readonly medianNs: number
  readonly lowNs: number
  readonly highNs: number
  /** Of the median sample; `parts` make it up. */
  readonly totalNs: number
  readonly parts: ReadonlyArray<{ readonly part: CostPart; readonly ns: number }>
}

/** What overlapping saves against the twin's time, as a share with its interval; below 0 it costs. */
export type Saved = {
  readonly share: number
  readonly low: number
  readonly high: number
  /** What the interval covers, for this size alone. */
  readonly confidence: number
  /** What overlap can hide of the twin's time at most; what is saved beyond it has another cause. `null`: not known. */
  readonly hideable: number | null
  /** Overlap is what saves it, by the threshold that the answer's sentence has. */
  readonly byOverlap: boolean
  /** `~`: the interval spans nothing saved. */
  readonly verdict: Verdict
}

/** One size of the picture: the serial twin beside the overlapped load; `null` for what has no figures there. */
export type SizePair = {
  readonly bytes: number
  readonly serial: CostBar | null
  readonly overlapped: CostBar | null
  readonly saved: Saved | null
}

/** Two schemes that differ in overlap alone, or a serial scheme that nothing measured is the overlapped form of. */
export type SchemePair = { readonly serial: SchemeId | null; readonly overlapped: SchemeId | null }

/**
 * The pairs that can be drawn, those with an overlapped load first, each kind from the quickest at the largest size on.
 * The first is the one to open on. Schemes that are planned and not measured yet come last.
 */
export function schemePairs(cells: readonly Cell[], planned: readonly SchemeId[] = []): SchemePair[] {
  const measured = schemeIds.filter(scheme => planned.includes(scheme) || schemesOf(cells).includes(scheme))
  const overlapped = measured.filter(scheme => schemeOf(scheme).overlap !== 'serial')
  const twins = new Set(overlapped.map(scheme => schemeOf(scheme).twin))
  const alone = measured.filter(scheme => !overlapped.includes(scheme) && !twins.has(scheme))
  return [
    ...quickestFirst(overlapped, cells).map(scheme => ({
      serial: schemeOf(scheme).twin,
      overlapped: scheme,
    })),
    ...quickestFirst(alone, cells).map(scheme => ({ serial: scheme, overlapped: null })),
  ]
}

/** The scheme that a pair is named by. */
export function namedScheme({ overlapped, serial }: SchemePair): SchemeId | null {
  return overlapped ?? serial
}

/** By the median at the largest size; what was not measured there comes last. */
function quickestFirst(schemes: readonly SchemeId[], cells: readonly Cell[]): SchemeId[] {
  const largest = sizesOf(cells).at(-1)
  const medianNs = (scheme: SchemeId) =>
    cells.find(cell => cell.scheme === scheme && cell.bytes === largest)?.summary.median ?? Infinity
  return schemes.toSorted((a, b) => compared(medianNs(a), medianNs(b)))
}

/** Infinity less infinity is no order. */
function compared(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/**
 * A pair at every size that was measured at all, so that all pairs of a run share their sizes. `samples`: of the run,
 * failed ones as well, where what is hidden is to be told.
 */
export function sizePairs(
  cells: readonly Cell[],
  pair: SchemePair,
  samples: readonly StoredSample[] = cells.flatMap(cell => cell.samples),
): SizePair[] {
  const at = (scheme: SchemeId | null, bytes: number) =>
    cells.find(cell => cell.scheme === scheme && cell.bytes === bytes) ?? null
  const sides = sizesOf(cells).map(bytes => ({
    bytes,
    serial: at(pair.serial, bytes),
    overlapped: at(pair.overlapped, bytes),
  }))
  const saved = savedBy(
    sides.flatMap(({ serial, overlapped }) =>
      serial === null || overlapped === null ? [] : [{ candidate: overlapped, baseline: serial }],
    ),
    samples,
  )
  return sides.map(({ bytes, serial, overlapped }) => ({
    bytes,
    serial: serial && barOf(serial, serialParts),
    overlapped: overlapped && barOf(overlapped, overlappedParts),
    saved: (overlapped && saved.get(overlapped)) ?? null,
  }))
}

/** The bar of one scheme at one size, as an outline beside the others. */
export function costBarOf(cells: readonly Cell[], scheme: SchemeId, bytes: number): CostBar | null {
  const cell = cells.find(candidate => candidate.scheme === scheme && candidate.bytes === bytes)
  return cell === undefined ? null : barOf(cell, serialParts)
}

/** What a pair costs at the largest size where it was measured, in ns per GiB: its overlapped load, else its serial. */
export function costAtLargest(cells: readonly Cell[], { overlapped, serial }: SchemePair): number | null {
  for (const bytes of sizesOf(cells).toReversed()) {
    for (const scheme of [overlapped, serial]) {
      const bar = scheme === null ? null : costBarOf(cells, scheme, bytes)
      if (bar !== null) return bar.medianNs
    }
  }
  return null
}

type Parts = ReadonlyArray<readonly [CostPart, number | null]>

function barOf(cell: Cell, partsOf: (sample: Timed) => Parts): CostBar | null {
  const sample = medianSample(cell)
  if (sample === null) return null
  const perGiB = (ns: number) => (ns * GiB) / cell.bytes
  return {
    cell,
    sample,
    medianNs: perGiB(cell.summary.median),
    lowNs: perGiB(cell.summary.low),
    highNs: perGiB(cell.summary.high),
    totalNs: perGiB(sample.totalNs),
    parts: upTo(sample.totalNs, partsOf(sample)).map(({ part, ns }) => ({ part, ns: perGiB(ns) })),
  }
}

/** T(alloc), the mapping, the creation of a udmabuf, T(I/O), one after the other. */
function serialParts({ allocNs, mapNs, createNs, readNs }: Timed): Parts {
  return [
    ['alloc', allocNs],
    ['map', mapNs],
    ['create', createNs],
    ['I/O', readNs],
  ]
}

/** T(first gather), then the longer of the remaining allocation and T(I/O), which go on at once. */
function overlappedParts({ allocNs, createNs, readNs, firstGatherNs, remainingAllocNs }: Timed): Parts {
  const allocation = remainingAllocNs ?? (allocNs ?? 0) + (createNs ?? 0)
  const longer = (readNs ?? 0) >= allocation ? (['I/O', readNs] as const) : (['alloc', allocation] as const)
  return [['first gather', firstGatherNs], longer]
}

/** The parts that there are, none beyond the total, and what is left of it as `rest`. */
function upTo(totalNs: number, parts: Parts): Array<{ part: CostPart; ns: number }> {
  let left = totalNs
  const kept = parts.map(([part, ns]) => {
    const taken = Math.min(left, ns ?? 0)
    left -= taken
    return { part, ns: taken }
  })
  return [...kept, { part: 'rest' as const, ns: left }].filter(({ ns }) => ns > 0)
}

function savedBy(pairs: readonly CellPair[], samples: readonly StoredSample[]): Map<Cell, Saved> {
  const results = compareCells(pairs)
  return new Map(
    pairs.flatMap(pair => {
      const result = results.get(pair.candidate)
      return result === undefined ? [] : [[pair.candidate, savedOf(result, pair, samples)] as const]
    }),
  )
}

function savedOf(
  { ratio, low, high, confidence, verdict }: Comparison,
  pair: CellPair,
  samples: readonly StoredSample[],
): Saved {
  const parts = partsOf(pair)
  return {
    share: 1 - ratio,
    low: 1 - high,
    high: 1 - low,
    confidence,
    hideable: hideableShare(pair.baseline),
    byOverlap: parts !== null && isCleanTwinPair(pair, samples) && isMostlyOverlap(parts, pair.baseline),
    verdict,
  }
}

function hideableShare(serial: Cell): number | null {
  const ns = hideableOf(serial)
  return ns === null || serial.summary.median === 0 ? null : ns / serial.summary.median
}

/** What the ceiling alone takes for a GiB, in ns: one horizontal line. */
export function ceilingCostNs(bytesPerSecond: number): number {
  return (GiB / bytesPerSecond) * 1e9
}

/** Bars beyond this many times the lowest size's would press all others to the ground. */
const breakBeyond = 3

/**
 * How far the axis must reach, in ns per GiB, and which sizes stand out above it: fixed costs make a GiB of very small
 * files so dear that the axis is broken there.
 */
export function costAxis(
  pairs: readonly SizePair[],
  ceilingNs: number | null,
): { readonly topNs: number; readonly brokenBytes: readonly number[] } {
  const tops = pairs.flatMap(pair => {
    const ends = barsOf(pair).flatMap(bar => [bar.totalNs, bar.highNs])
    return ends.length === 0 ? [] : [{ bytes: pair.bytes, top: Math.max(...ends) }]
  })
  const limit = breakBeyond * Math.max(Math.min(...tops.map(({ top }) => top)), ceilingNs ?? 0)
  const whole = tops.filter(({ top }) => top <= limit)
  return {
    topNs: Math.max(0, ceilingNs ?? 0, ...whole.map(({ top }) => top)),
    brokenBytes: tops.filter(({ top }) => top > limit).map(({ bytes }) => bytes),
  }
}

export function barsOf({ serial, overlapped }: SizePair): CostBar[] {
  return [serial, overlapped].filter(bar => bar !== null)
}

/** A pair at one size in a sentence, for those who do not see it. */
export function sizePairText(pair: SizePair): string {
  const costs = barsOf(pair).map(bar => `${bar.cell.scheme} ${costText(bar.medianNs)}`)
  const saved = pair.saved === null ? '' : `; ${savedText(pair.saved)}`
  return `${sizeText(pair.bytes)}: ${costs.join(' against ') || 'no figures yet'}${saved}`
}
