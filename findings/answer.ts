import { schemeOf } from '../contract/schemes.ts'
import { type Cell, totalsOf } from './cells.ts'
import { alpha } from './statistics/comparePairs.ts'
import { holmAdjusted } from './statistics/holm.ts'
import { mannWhitney, smallestPValue } from './statistics/mannWhitney.ts'
import { percentText, sizeText, threeDigits, timeText } from './words/figureText.ts'

/** The first thing a run says, and what that rests on. */
export type Answer = { readonly sentence: string; readonly basis: string }

/**
 * What the largest measured size shows: what overlapping saves against the same load done serially, or else which
 * scheme is fastest. A difference is claimed only where a rank test, corrected for the number of comparisons, shows it.
 */
export function answerOf(cells: readonly Cell[], ceilingBytesPerSecond: number | null): Answer | null {
  const bytes = Math.max(...cells.map(cell => cell.bytes))
  const atSize = cells
    .filter(cell => cell.bytes === bytes)
    .sort((a, b) => a.summary.median - b.summary.median)
  const fastest = atSize[0]
  if (fastest === undefined) return null
  const judged = overlapPair(atSize) ?? nextBest(atSize)
  const share = ceilingShare(fastest, ceilingBytesPerSecond)
  if (judged === null) {
    return {
      sentence: `${fastest.scheme} loads ${sizeText(bytes)} in ${timeText(fastest.summary.median)}${share}.`,
      basis: `Median of ${repeatsText(fastest)}. Nothing to compare it with at this size.`,
    }
  }
  return { sentence: `At ${sizeText(bytes)} ${claim(judged)}${share}.`, basis: basisOf(judged) }
}

type Judged = {
  readonly kind: 'overlap' | 'next'
  readonly candidate: Cell
  readonly baseline: Cell
  readonly pValue: number
  readonly comparisons: number
  /** The smallest p-value that this many repeats can give, corrected alike. */
  readonly smallestPValue: number
}

/**
 * The fastest load and its twin: with overlap and without, in the same buffer and I/O mode. `null` when the fastest has
 * no twin at this size; then overlap is not what decides.
 */
function overlapPair(atSize: readonly Cell[]): Judged | null {
  const fastest = atSize[0]
  const pairs = atSize.flatMap(candidate => {
    const baseline = serialTwin(candidate, atSize)
    return baseline === null ? [] : [{ candidate, baseline }]
  })
  const decisive = pairs.find(({ candidate, baseline }) => candidate === fastest || baseline === fastest)
  if (decisive === undefined) return null
  return judgeFirst('overlap', [decisive, ...pairs.filter(pair => pair !== decisive)])
}

function serialTwin(candidate: Cell, atSize: readonly Cell[]): Cell | null {
  const twin = schemeOf(candidate.scheme).twin
  return (twin !== null && atSize.find(cell => cell.scheme === twin)) || null
}

function nextBest(atSize: readonly Cell[]): Judged | null {
  const candidate = atSize[0]
  if (candidate === undefined) return null
  return judgeFirst(
    'next',
    atSize.slice(1).map(baseline => ({ candidate, baseline })),
  )
}

type Pair = { readonly candidate: Cell; readonly baseline: Cell }

/** Judges the first pair; the others count as comparisons, because the first was picked among them. */
function judgeFirst(kind: Judged['kind'], pairs: readonly Pair[]): Judged | null {
  const first = pairs[0]
  if (first === undefined) return null
  const pValues = holmAdjusted(pairs.map(pValueOf))
  const floors = holmAdjusted(
    pairs.map(pair => smallestPValue(pair.candidate.samples.length, pair.baseline.samples.length)),
  )
  return {
    kind,
    ...first,
    pValue: pValues[0] ?? 1,
    smallestPValue: floors[0] ?? 1,
    comparisons: pairs.length,
  }
}

/** While samples stream in, only pairs with a new sample are tested again: other cells stay the same objects. */
const knownPValues = new WeakMap<Cell, WeakMap<Cell, number>>()

function pValueOf({ candidate, baseline }: Pair): number {
  const ofCandidate = knownPValues.get(candidate) ?? new WeakMap<Cell, number>()
  knownPValues.set(candidate, ofCandidate)
  const known = ofCandidate.get(baseline)
  if (known !== undefined) return known
  const pValue = mannWhitney(totalsOf(candidate), totalsOf(baseline))?.pValue ?? 1
  ofCandidate.set(baseline, pValue)
  return pValue
}

function claim(judged: Judged): string {
  const { candidate, baseline } = judged
  if (judged.smallestPValue >= alpha) return `there are too few repeats to say${leaning(judged)}`
  if (judged.pValue >= alpha) {
    return judged.kind === 'overlap'
      ? 'overlapping makes no difference that these repeats can show'
      : `no difference shows between ${candidate.scheme} and ${baseline.scheme}`
  }
  const saved = 1 - candidate.summary.median / baseline.summary.median
  if (judged.kind === 'overlap') {
    return saved >= 0
      ? `overlapping saves ${percentText(saved)} here`
      : `overlapping costs ${percentText(-saved)} here`
  }
  const factor = threeDigits(baseline.summary.median / candidate.summary.median)
  return `${candidate.scheme} is fastest, ${factor} times faster than ${baseline.scheme}`
}

function leaning({ candidate, baseline }: Judged): string {
  const [first, second] = [candidate, baseline].sort((a, b) => a.summary.median - b.summary.median)
  return first === undefined || second === undefined
    ? ''
    : `: ${first.scheme} ${timeText(first.summary.median)}, ${second.scheme} ${timeText(second.summary.median)} so far`
}

function ceilingShare(fastest: Cell, ceiling: number | null): string {
  if (ceiling === null) return ''
  const rate = fastest.bytes / (fastest.summary.median / 1e9)
  return `; ${percentText(rate / ceiling)} of the storage’s ceiling`
}

function basisOf(judged: Judged): string {
  const { candidate, baseline } = judged
  const medians = [candidate, baseline]
    .map(cell => `${cell.scheme} ${timeText(cell.summary.median)} (${repeatsText(cell)})`)
    .join(' against ')
  const test = `Mann-Whitney U, p ${pText(judged.pValue)}`
  return `${medians}. ${test}, ${comparisonsText(judged.comparisons)}.`
}

function pText(pValue: number): string {
  return pValue < 0.001 ? '< 0.001' : `= ${pValue.toPrecision(2)}`
}

function comparisonsText(count: number): string {
  return count === 1 ? '1 comparison' : `corrected for ${count} comparisons (Holm)`
}

function repeatsText(cell: Cell): string {
  return cell.summary.count === 1 ? '1 repeat' : `${cell.summary.count} repeats`
}
