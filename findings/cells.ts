import type { StoredSample } from '../contract/sample.ts'
import { type SchemeId, schemeIds } from '../contract/schemes.ts'
import { type Summary, summarize } from './statistics/summary.ts'

/** A sample that counts in statistics: it succeeded and is no warm-up. */
export type Timed = StoredSample & { readonly totalNs: number }

/** All counted samples of one scheme at one size (a tuning: under one setting), and what can be said of their totals. */
export type Cell = {
  readonly scheme: SchemeId
  readonly bytes: number
  /** Which of the plan's tuning settings; `null` in a run that tunes nothing. */
  readonly setting: number | null
  readonly samples: readonly Timed[]
  /** Totals in ns. */
  readonly summary: Summary
}

function isCounted(sample: StoredSample): sample is Timed {
  return sample.status === 'ok' && !sample.warmup && sample.totalNs !== null
}

/**
 * The cells of a run, in the order of the catalogue, then by size. Warm-ups and failures are not counted. Samples are
 * only ever added to a run, so a cell of `previous` with as many samples is the same cell and is kept as it is.
 */
export function cellsOf(samples: readonly StoredSample[], previous: readonly Cell[] = []): Cell[] {
  const groups = new Map<string, Timed[]>()
  for (const sample of samples) {
    if (!isCounted(sample)) continue
    const key = cellKey(sample)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [sample])
    else group.push(sample)
  }
  const known = new Map(previous.map(cell => [cellKey(cell), cell]))
  return [...groups]
    .flatMap(([key, group]) => {
      const before = known.get(key)
      return before?.samples.length === group.length ? [before] : cellOf(group)
    })
    .sort(inCatalogueOrder)
}

function cellKey({ scheme, bytes, setting }: Pick<Cell, 'scheme' | 'bytes' | 'setting'>): string {
  return `${scheme}/${bytes}/${setting}`
}

function cellOf(samples: readonly Timed[]): Cell[] {
  const first = samples[0]
  const summary = summarize(samples.map(sample => sample.totalNs))
  if (first === undefined || summary === null) return []
  const { scheme, bytes, setting } = first
  return [{ scheme, bytes, setting, samples, summary }]
}

function inCatalogueOrder(a: Cell, b: Cell): number {
  return (
    schemeIds.indexOf(a.scheme) - schemeIds.indexOf(b.scheme) ||
    a.bytes - b.bytes ||
    (a.setting ?? 0) - (b.setting ?? 0)
  )
}

export function sizesOf(cells: readonly Cell[]): number[] {
  return [...new Set(cells.map(cell => cell.bytes))].sort((a, b) => a - b)
}

export function schemesOf(cells: readonly Cell[]): SchemeId[] {
  return [...new Set(cells.map(cell => cell.scheme))]
}

/** The totals of a cell, in ns. */
export function totalsOf(cell: Cell): number[] {
  return cell.samples.map(sample => sample.totalNs)
}

/** The sample whose total is nearest to the cell's median: the one to show when the median is clicked. */
export function medianSample(cell: Cell): Timed | null {
  const distance = (sample: Timed) => Math.abs(sample.totalNs - cell.summary.median)
  return cell.samples.reduce<Timed | null>(
    (best, sample) => (best === null || distance(sample) < distance(best) ? sample : best),
    null,
  )
}

/** Median of one figure over a cell's samples that have it, in the unit of the figure. */
export function medianOf(cell: Cell, figure: (sample: Timed) => number | null): number | null {
  const values = cell.samples.map(figure).filter(value => value !== null)
  return summarize(values)?.median ?? null
}
