import type { Plan, Setting } from '../contract/plan.ts'
import type { StoredSample } from '../contract/sample.ts'
import type { Environment } from '../contract/target.ts'
import { cautionsOf } from './cautions.ts'
import type { Cell } from './cells.ts'
import { compareCells } from './compareCells.ts'
import { changeText, pText } from './comparisonText.ts'
import type { Comparison } from './statistics/comparePairs.ts'
import { repeatsToDecide, smallestPValue } from './statistics/mannWhitney.ts'
import { alpha } from './statistics/rankSum.ts'
import { countText, sizeText, timeText } from './words/figureText.ts'

/** One setting of a tuning, as measured. */
export type TunedRow = {
  readonly setting: Setting
  readonly cell: Cell
  /** Against the first setting; `null` for that itself, or where one of the two has no time above zero. */
  readonly comparison: Comparison | null
  /** Not told apart from the fastest: the interval of its ratio to that spans 1. */
  readonly asGood: boolean
}

export type Tuning = {
  /** In the order of the plan; settings without a figure are left out. */
  readonly rows: readonly TunedRow[]
  /** The first setting, which a load has that nobody tuned. */
  readonly reference: TunedRow | null
  /** What to use. */
  readonly best: TunedRow
}

/**
 * What a run that tunes has found; `null` while it has no figure. What to use is the reference, if nothing is told apart
 * from it after the correction for all that were tried; else, of those that are as good as the fastest, the one that
 * takes the fewest threads, then the one with ordinary pages, then the fastest.
 */
export function tuningOf(plan: Pick<Plan, 'tuning'>, cells: readonly Cell[]): Tuning | null {
  const tried = (plan.tuning ?? []).flatMap((setting, place) => {
    const cell = cells.find(each => each.setting === place)
    return cell === undefined ? [] : [{ setting, cell, place }]
  })
  const fastest = tried.toSorted((a, b) => a.cell.summary.median - b.cell.summary.median)[0]
  if (fastest === undefined) return null
  const first = tried.find(({ place }) => place === 0)?.cell
  const others = tried.map(({ cell }) => cell).filter(cell => cell !== first)
  const toFirst = first === undefined ? new Map() : compareAll(others, first)
  const toFastest = compareAll(
    tried.map(({ cell }) => cell).filter(cell => cell !== fastest.cell),
    fastest.cell,
  )
  const rows = tried.map(({ setting, cell }) => ({
    setting,
    cell,
    comparison: toFirst.get(cell) ?? null,
    asGood: cell === fastest.cell || toFastest.get(cell)?.verdict === '~',
  }))
  const reference = rows.find(({ cell }) => cell === first) ?? null
  return { rows, reference, best: chosen(rows, reference) }
}

function compareAll(cells: readonly Cell[], baseline: Cell): Map<Cell, Comparison> {
  return compareCells(cells.map(candidate => ({ candidate, baseline })))
}

function chosen(rows: readonly TunedRow[], reference: TunedRow | null): TunedRow {
  const good = rows.filter(row => row.asGood && (row === reference || gains(row)))
  const simplest = good.toSorted(
    (a, b) =>
      threadsOf(a.setting) - threadsOf(b.setting) ||
      pagesRank(a.setting) - pagesRank(b.setting) ||
      a.cell.summary.median - b.cell.summary.median,
  )
  const best =
    reference !== null && good.includes(reference) ? reference : (simplest[0] ?? reference ?? rows[0])
  if (best === undefined) throw new RangeError('a tuning needs a setting with figures')
  return best
}

/** Told apart from the reference after the correction for all that were tried. */
function gains({ comparison }: TunedRow): boolean {
  return comparison !== null && comparison.ratio < 1 && comparison.adjustedPValue < alpha
}

function threadsOf({ readers, populators }: Setting): number {
  return readers + (populators ?? 1)
}

/** Ordinary pages need nothing; huge ones a setting of the kernel; the pool memory that nobody else can use. */
function pagesRank({ hugePages, hugePageSize }: Setting): number {
  if (!hugePages) return 0
  return hugePageSize === 'hugetlb' ? 2 : 1
}

function pagesText({ hugePages, hugePageSize }: Pick<Setting, 'hugePages' | 'hugePageSize'>): string {
  if (!hugePages) return 'ordinary pages'
  if ((hugePageSize ?? null) === null) return 'huge pages'
  return hugePageSize === 'hugetlb' ? 'hugetlb pages' : `huge pages of ${hugePageSize}`
}

/** `gather 16 MiB, 2 readers, 1 populating thread, huge pages`. */
export function settingText({ gatherBytes, readers, populators, ...pages }: Setting): string {
  return [
    `gather ${sizeText(gatherBytes)}`,
    countText(readers, 'reader'),
    ...(populators === null ? [] : [countText(populators, 'populating thread')]),
    pagesText(pages),
  ].join(', ')
}

/** What to use, what it gains, and how sure that is. */
export function tuningAnswer(
  plan: Pick<Plan, 'tuning' | 'schemes'>,
  cells: readonly Cell[],
  samples: readonly StoredSample[],
  environment: Environment | null = null,
): { readonly sentence: string; readonly basis: string } | null {
  const tuning = tuningOf(plan, cells)
  if (tuning === null) return null
  const { rows, reference, best } = tuning
  const cautions = cautionsOf(best.cell, samples, environment)
  const place = `At ${sizeText(best.cell.bytes)} ${best.cell.scheme}`
  const equals = rows.filter(row => row.asGood && row !== best).length
  const equalText =
    equals === 0 ? '' : ` ${countText(equals, 'other setting')} cannot be told from the fastest.`
  return {
    sentence: `${place}: ${adviceText(
      best,
      reference,
      rows.filter(row => row !== reference),
    )}.${cautions.length === 0 ? '' : ` But ${cautions.join('; ')}.`}`,
    basis: `${settingText(best.setting)}: ${timeText(best.cell.summary.median)} (${countText(best.cell.summary.count, 'repeat')}).${equalText} ${countText(rows.length, 'setting')} in one run, shuffled in each round; Mann-Whitney U, corrected for ${countText(rows.length - 1, 'comparison')} (Holm).`,
  }
}

function adviceText(best: TunedRow, reference: TunedRow | null, others: readonly TunedRow[]): string {
  if (reference === null)
    return `use ${settingText(best.setting)}; the first setting has no figure to compare it with`
  const floor = smallestPValue(best.cell.samples.length, reference.cell.samples.length)
  if (others.length * floor >= alpha) return undecidedText(reference, others)
  if (best === reference || best.comparison === null) {
    return `nothing is gained over ${settingText(reference.setting)}: no other setting is faster by more than these repeats show`
  }
  const against = `with ${settingText(reference.setting)}`
  return `use ${settingText(best.setting)}. It takes ${changeText(best.comparison, against)}, ${pText(best.comparison.adjustedPValue)}`
}

/** So few repeats that nothing could be told apart: the best estimate, and how many can decide. */
function undecidedText(reference: TunedRow, others: readonly TunedRow[]): string {
  const [leading] = others
    .filter(({ comparison }) => comparison !== null)
    .toSorted((a, b) => (a.comparison?.ratio ?? 1) - (b.comparison?.ratio ?? 1))
  const needed = `so few repeats cannot decide between ${others.length + 1} settings, ${repeatsToDecide(alpha, others.length)} of each can`
  if (leading?.comparison === undefined || leading.comparison === null) return needed
  const against = `with ${settingText(reference.setting)}`
  return `${needed}. The least time so far has ${settingText(leading.setting)}: ${changeText(leading.comparison, against)}`
}
