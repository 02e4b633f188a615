import { gatherOf, type Plan } from '../contract/plan.ts'
import type { Mark, StoredSample } from '../contract/sample.ts'
import { type Scheme, schemeOf } from '../contract/schemes.ts'
import { isSpoiled } from './cautions.ts'
import { type Cell, medianOf, type Timed } from './cells.ts'
import type { CellPair } from './compareCells.ts'
import { allocationNs, hideableNs, serialSumNs } from './formulas.ts'

/** How many gathers a load of the cell is cut into; `null` for a scheme without gathers. */
export function gathersOf(cell: Cell, plan: Pick<Plan, 'gatherBytes'>): number | null {
  if (schemeOf(cell.scheme).overlap !== 'gather') return null
  const told = medianOf(cell, sample => sample.gatherBytes)
  return told ? Math.max(1, Math.ceil(cell.bytes / told)) : gathersIn(cell.bytes, plan)
}

/** How many gathers a file of `bytes` is planned to be cut into. */
export function gathersIn(bytes: number, plan: Pick<Plan, 'gatherBytes'>): number {
  return Math.max(1, Math.ceil(bytes / gatherOf(plan, bytes)))
}

/** Whether the candidate is set beside its own serial twin, or the other way round. */
export function areTwins({ candidate, baseline }: CellPair): boolean {
  return schemeOf(candidate.scheme).twin === baseline.scheme
}

const rowCauses: ReadonlyArray<readonly [field: 'buffer' | 'ioMode' | 'fill' | 'overlap', words: string]> = [
  ['buffer', 'the buffer'],
  ['ioMode', 'the I/O mode'],
  ['fill', 'how the buffer is filled'],
  ['overlap', 'overlap'],
]

/**
 * What the two loads do differently, overlap and batching left out: by their rows in the catalogue, and by what their
 * samples tell of readers, populating threads, page size and the kernel's way.
 */
export function otherCauses(pair: CellPair): string[] {
  return rowDifferences(pair)
    .filter(field => field !== 'overlap')
    .concat(sampleDifferences(pair))
}

function rowDifferences({ candidate, baseline }: CellPair): string[] {
  const [mine, other]: Scheme[] = [schemeOf(candidate.scheme), schemeOf(baseline.scheme)]
  if (mine === undefined || other === undefined) return []
  return rowCauses.filter(([field]) => mine[field] !== other[field]).map(([, words]) => words)
}

function sampleDifferences({ candidate, baseline }: CellPair): string[] {
  const count = (words: string, figure: (sample: Timed) => number | null) => {
    const mine = medianOf(candidate, figure) ?? 1
    const other = medianOf(baseline, figure) ?? 1
    return mine === other ? [] : [`${words} (${mine} against ${other})`]
  }
  return [
    ...count('readers', sample => sample.readers),
    ...count('populating threads', sample => sample.figures.populators ?? null),
    ...(isHuge(candidate) === isHuge(baseline) ? [] : ['the page size']),
    ...(wayOf(candidate) === wayOf(baseline)
      ? []
      : [`the kernel's path (${wayOf(candidate)} against ${wayOf(baseline)})`]),
  ]
}

/** Most of the buffer lies in huge pages. */
function isHuge(cell: Cell): boolean {
  return (medianOf(cell, sample => sample.figures.hugePageBytes ?? null) ?? 0) > cell.bytes / 2
}

const ways: readonly Mark[] = ['emulated', 'heap ioctl', 'heap flag', 'lab module']

function wayOf({ samples }: Cell): string {
  const seen = ways.filter(way => samples.some(sample => sample.marks.includes(way)))
  return seen.join(' and ') || 'its own'
}

/**
 * Where the time between two loads went, in ns; positive where the candidate has less of it. The three add up to the
 * difference of the totals within one pair of samples; as medians they come near it.
 */
export type Parts = {
  readonly savedNs: number
  /** Hidden by doing two things at once: T(alloc) + T(I/O) - T, against the same of the baseline. */
  readonly overlapNs: number
  readonly readingNs: number
  readonly allocationNs: number
}

/** `null` where a kernel tells no times of its own. */
export function partsOf({ candidate, baseline }: CellPair): Parts | null {
  const difference = (figure: (sample: Timed) => number | null) => {
    const [mine, other] = [medianOf(candidate, figure), medianOf(baseline, figure)]
    return mine === null || other === null ? null : other - mine
  }
  const hidden = (sample: Timed) => {
    const sum = serialSumNs(sample)
    return sum === null ? null : sum - sample.totalNs
  }
  const [overlap, reading, allocation] = [
    difference(hidden),
    difference(sample => sample.readNs),
    difference(allocationNs),
  ]
  if (overlap === null || reading === null || allocation === null) return null
  return {
    savedNs: baseline.summary.median - candidate.summary.median,
    overlapNs: -overlap,
    readingNs: reading,
    allocationNs: allocation,
  }
}

/** Of what a saving has to be hidden by doing two things at once, before it is called that of overlapping. */
const mostlyOverlap = 0.8

/** What overlap can hide of a serial load at most, as the median of its samples in ns; `null` where it is not timed. */
export function hideableOf(serial: Cell): number | null {
  return medianOf(serial, hideableNs)
}

/**
 * Whether overlap is what saves: most of the saving was hidden by it, and no more than can be hidden of the baseline.
 * The one threshold behind every "hidden" and "overlapping saves".
 */
export function isMostlyOverlap({ savedNs, overlapNs }: Parts, baseline: Cell): boolean {
  const hideable = hideableOf(baseline)
  const asked = mostlyOverlap * savedNs
  return overlapNs >= asked && hideable !== null && hideable >= asked
}

/** Whether the two differ in overlap alone and nothing forbids to say what caused their times. */
export function isCleanTwinPair(pair: CellPair, samples: readonly StoredSample[]): boolean {
  const spoiled = [pair.candidate, pair.baseline].some(cell => isSpoiled(cell, samples))
  return areTwins(pair) && !spoiled && otherCauses(pair).length === 0
}
