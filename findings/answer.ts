import { type Plan, type Question, questionOf } from '../contract/plan.ts'
import type { StoredSample } from '../contract/sample.ts'
import { plainReadOf, type SchemeId, schemeOf } from '../contract/schemes.ts'
import type { Environment } from '../contract/target.ts'
import { areTwins, gathersOf, isCleanTwinPair, isMostlyOverlap, otherCauses, partsOf } from './causes.ts'
import { cautionsOf, isFromMemory, isImpossible, isSpoiled, reasonsText } from './cautions.ts'
import { ceilingShareOf } from './ceilingShare.ts'
import { type Cell, sizesOf } from './cells.ts'
import { type CellPair, compareCells } from './compareCells.ts'
import { changeText, effectText, pText, ratioText } from './comparisonText.ts'
import type { Comparison } from './statistics/comparePairs.ts'
import { repeatsToDecide, smallestPValue } from './statistics/mannWhitney.ts'
import { alpha } from './statistics/rankSum.ts'
import { tuningAnswer } from './tuning.ts'
import { countText, percentText, sizeText, timeText } from './words/figureText.ts'

/** The first thing a run says, and what that rests on. */
export type Answer = { readonly sentence: string; readonly basis: string }

export type AnswerSource = {
  readonly plan: Pick<Plan, 'schemes' | 'sizesBytes' | 'gatherBytes' | 'question' | 'extensions' | 'tuning'>
  readonly ceilingBytesPerSecond: number | null
  readonly samples: readonly StoredSample[]
  /** The cells of these samples. */
  readonly cells: readonly Cell[]
  /** What the marks of the samples are explained by, where the target was probed. */
  readonly environment?: Environment | null
}

/** The pair that the sentence is about. */
type Asked = CellPair & {
  /** Named by the plan, or picked among all pairs at this size after looking. */
  readonly chosen: 'planned' | 'picked'
  /** What stands before it: the size that was asked about and could not be loaded. */
  readonly lead: string
}

/**
 * What the run says of its question, tested alone; of a run that asks none, or whose question has no figures, which
 * scheme is fastest, picked after looking and corrected for that. `null` while nothing is measured.
 */
export function answerOf(source: AnswerSource): Answer | null {
  const { cells, samples } = source
  if (cells.length === 0) return nothingMeasured(samples)
  if (source.plan.tuning !== null) return tuningAnswer(source.plan, cells, samples, source.environment)
  const asked = plannedPair(source) ?? pickedPair(source)
  return asked === null ? single(source) : judged(source, asked)
}

/** The pair that the answer is about, and whether its test bears the difference out. */
export type Lead = CellPair & { readonly comparison: Comparison; readonly shown: boolean }

/** `null` where nothing can be compared, or the run is a tuning, which answers otherwise. */
export function leadOf(source: AnswerSource): Lead | null {
  if (source.cells.length === 0 || source.plan.tuning !== null) return null
  const asked = plannedPair(source) ?? pickedPair(source)
  if (asked === null || ![asked.candidate, asked.baseline].every(isTimed)) return null
  const comparison = compareCells([asked]).get(asked.candidate)
  if (comparison === undefined) return null
  return { ...asked, comparison, shown: isShown(judge(source, asked, comparison)) }
}

function isShown({ tooFew, verdict, correctedPValue }: Verdict): boolean {
  return !tooFew && verdict !== '~' && correctedPValue < alpha
}

function nothingMeasured(samples: readonly StoredSample[]): Answer | null {
  const lost = samples.filter(
    ({ status, warmup }) => status === 'failed' || (status === 'unsupported' && !warmup),
  )
  if (lost.length === 0) return null
  return {
    sentence: `No load succeeded: ${reasonsText(lost)}.`,
    basis: `${countText(lost.length, 'load')} gave no figure.`,
  }
}

function plannedPair(source: AnswerSource): Asked | null {
  const question = questionOf(source.plan)
  if (question === null) return null
  const sizes = sizesOf(source.cells).toReversed()
  const askedBytes = question.bytes ?? Math.max(...source.samples.map(sample => sample.bytes))
  const atAsked = pairAt(source.cells, question, askedBytes)
  if (atAsked !== null) return { ...atAsked, chosen: 'planned', lead: '' }
  const lead = lostText(source.samples, [question.candidate, question.baseline], askedBytes)
  // Nothing is known of it yet: the run is under way.
  if (lead === '') return null
  const smaller = sizes.map(bytes => pairAt(source.cells, question, bytes)).find(pair => pair !== null)
  return smaller === undefined ? null : { ...smaller, chosen: 'planned', lead }
}

function pairAt(cells: readonly Cell[], question: Question, bytes: number): CellPair | null {
  const at = (scheme: SchemeId) => cells.find(cell => cell.scheme === scheme && cell.bytes === bytes)
  const [candidate, baseline] = [at(question.candidate), at(question.baseline)]
  return candidate === undefined || baseline === undefined ? null : { candidate, baseline }
}

/** The fastest at the largest size that has figures, against the next. */
function pickedPair({ cells, plan, samples }: AnswerSource): Asked | null {
  const [candidate, baseline] = fastestFirst(cells, Math.max(...cells.map(cell => cell.bytes)))
  if (candidate === undefined || baseline === undefined) return null
  return { candidate, baseline, chosen: 'picked', lead: lostQuestionText(plan, samples) }
}

function fastestFirst(cells: readonly Cell[], bytes: number): Cell[] {
  return cells.filter(cell => cell.bytes === bytes).sort((a, b) => a.summary.median - b.summary.median)
}

function lostQuestionText(plan: AnswerSource['plan'], samples: readonly StoredSample[]): string {
  const question = questionOf(plan)
  if (question === null) return ''
  const bytes = question.bytes ?? Math.max(...samples.map(sample => sample.bytes))
  return lostText(samples, [question.candidate, question.baseline], bytes)
}

/** `At 1 GiB memfd-direct could not be loaded (ENOMEM: no memory). `, or empty where nothing was lost. */
function lostText(samples: readonly StoredSample[], schemes: readonly SchemeId[], bytes: number): string {
  const atSize = samples.filter(sample => sample.bytes === bytes && schemes.includes(sample.scheme))
  const lost = schemes.filter(scheme => {
    const own = atSize.filter(sample => sample.scheme === scheme)
    return own.some(isLost) && !own.some(sample => sample.status === 'ok' && !sample.warmup)
  })
  if (lost.length === 0) return ''
  const reasons = reasonsText(atSize.filter(sample => isLost(sample) && lost.includes(sample.scheme)))
  return `At ${sizeText(bytes)} ${lost.join(' and ')} could not be loaded (${reasons}). `
}

function isLost({ status }: StoredSample): boolean {
  return status === 'failed' || status === 'unsupported'
}

function single(source: AnswerSource): Answer {
  const [cell] = fastestFirst(source.cells, Math.max(...source.cells.map(({ bytes }) => bytes)))
  if (cell === undefined) throw new RangeError('an answer needs a cell')
  const time = isTimed(cell) ? `in ${timeText(cell.summary.median)}` : 'in a time that cannot be'
  const lead = lostQuestionText(source.plan, source.samples)
  return {
    sentence: `${lead}${cell.scheme} loads ${sizeText(cell.bytes)} ${time}${ceilingText(source, cell)}.${cautionsText(source, [cell])}`,
    basis: `Median of ${repeatsText(cell)}. Nothing to compare it with at this size.`,
  }
}

function isTimed({ samples }: Cell): boolean {
  return !samples.some(isImpossible)
}

function judged(source: AnswerSource, asked: Asked): Answer {
  const { candidate, baseline, lead } = asked
  const cells = [candidate, baseline]
  const comparison = cells.some(cell => !isTimed(cell)) ? undefined : compareCells([asked]).get(candidate)
  if (comparison === undefined) {
    const cautions = cells.flatMap(cell => cautionsOf(cell, source.samples, source.environment)).join('; ')
    return {
      sentence: `${lead}At ${sizeText(candidate.bytes)} nothing can be compared: ${cautions}.`,
      basis: `${mediansText(cells)}. A time of 0, one beyond any memory, or one shorter than its own parts was not measured.`,
    }
  }
  const verdict = judge(source, asked, comparison)
  const cautions = cautionsText(source, cells)
  const faster = comparison.ratio <= 1 ? candidate : baseline
  const claim = fallsApart(asked, comparison)
    ? groupsText(asked, comparison)
    : claimOf(source, asked, verdict)
  return {
    sentence: `${lead}At ${sizeText(candidate.bytes)} ${claim}${ceilingText(source, faster)}.${cautions}${ordinaryText(source, asked)}`,
    basis: [
      `${mediansText(cells)}.`,
      testText(source, asked, verdict),
      ...causeTexts(source, asked),
      ...ordinaryNote(source, asked),
      ...fastestText(source, asked),
    ].join(' '),
  }
}

/** The comparison with what the choice of the pair and the looks at the run cost it. */
type Verdict = Comparison & {
  readonly correctedPValue: number
  /** Pairs among which this one was picked; 1 for the planned one. */
  readonly pairs: number
  readonly looks: number
  /** So few repeats that no order of the times could decide. */
  readonly tooFew: boolean
}

function judge({ cells, plan }: AnswerSource, asked: Asked, comparison: Comparison): Verdict {
  const schemes = fastestFirst(cells, asked.candidate.bytes).length
  const pairs = asked.chosen === 'planned' ? 1 : (schemes * (schemes - 1)) / 2
  const looks = 1 + plan.extensions.length
  const floor = smallestPValue(asked.candidate.samples.length, asked.baseline.samples.length)
  return {
    ...comparison,
    correctedPValue: Math.min(1, comparison.pValue * pairs * looks),
    pairs,
    looks,
    tooFew: floor * pairs * looks >= alpha,
  }
}

function claimOf(source: AnswerSource, asked: Asked, verdict: Verdict): string {
  const { candidate, baseline, chosen } = asked
  const change = `takes ${changeText(verdict, baseline.scheme)}`
  if (verdict.tooFew) {
    const needed = repeatsToDecide(alpha, verdict.pairs * verdict.looks)
    return `${candidate.scheme} ${change}; so few repeats cannot decide, ${needed} of each can`
  }
  if (!isShown(verdict)) {
    const stands = verdict.verdict === '~' ? '' : ' that stands the correction'
    return `no difference${stands} shows between ${candidate.scheme} and ${baseline.scheme}: the time ratio is ${ratioText(verdict)}`
  }
  if (chosen === 'picked') return `the fastest is ${candidate.scheme}, picked after looking: it ${change}`
  const cause = causeOf(source, asked)
  return cause === null ? `${candidate.scheme} ${change}` : `${cause} ${effectText(verdict)}`
}

/** What alone makes the difference, as the subject of the claim; `null` where that is not shown. */
function causeOf({ plan, samples }: AnswerSource, pair: CellPair): string | null {
  if (!isCleanTwinPair(pair, samples)) return null
  const gathers = gathersOf(pair.candidate, plan)
  if (gathers === 1) return null
  const parts = partsOf(pair)
  if (parts === null) return gathers === null ? 'overlapping' : `loading in ${gathers} gathers`
  if (parts.savedNs <= 0) return 'overlapping'
  return isMostlyOverlap(parts, pair.baseline) ? 'overlapping' : null
}

function causeTexts({ plan, samples }: AnswerSource, pair: CellPair): string[] {
  const others = otherCauses(pair)
  const gathers = gathersOf(pair.candidate, plan)
  const overlaps = areTwins(pair) && gathers !== 1
  const parts = overlaps ? partsOf(pair) : null
  const spoiled = [pair.candidate, pair.baseline].some(cell => isSpoiled(cell, samples))
  return [
    ...(others.length > 0 ? [differencesText(overlaps ? ['overlap', ...others] : others)] : []),
    ...(areTwins(pair) && gathers === 1
      ? ['One gather covers the file, so there is nothing to overlap.']
      : []),
    ...(parts === null || spoiled ? [] : [partsText(parts, gathers)]),
    ...(overlaps && parts === null
      ? ['How much of it is overlap and how much batching was not timed apart.']
      : []),
  ]
}

function differencesText(differences: readonly string[]): string {
  const all = `The two differ in ${differences.join(', ')}`
  return differences.length === 1 ? `${all}.` : `${all}: no one of them is shown to be the cause.`
}

function partsText(
  { savedNs, overlapNs, readingNs, allocationNs }: NonNullable<ReturnType<typeof partsOf>>,
  gathers: number | null,
): string {
  const signed = (ns: number) => `${ns < 0 ? '-' : ''}${timeText(Math.abs(ns))}`
  const how = gathers === null ? '' : ` in ${gathers} gathers instead of one piece (batching)`
  return `Of the ${timeText(Math.abs(savedNs))} ${savedNs < 0 ? 'lost' : 'saved'}, ${signed(overlapNs)} is overlap, ${signed(readingNs)} reading and ${signed(allocationNs)} allocating${how}.`
}

/** Measured noise can lift a load a little above the ceiling. */
const ceilingTolerance = 1.05

function ceilingText({ ceilingBytesPerSecond }: AnswerSource, cell: Cell): string {
  const share = ceilingShareOf(cell, ceilingBytesPerSecond)
  if (share === null || !isTimed(cell) || isFromMemory(cell)) return ''
  const text = `; ${cell.scheme} reaches ${percentText(share)} of the storage’s ceiling`
  return share > ceilingTolerance
    ? `${text}, which no load can: its path or the ceiling is not what it seems`
    : text
}

/** Where the medians and the ratios of all pairs disagree, the times fall into groups and neither is typical. */
function fallsApart({ candidate, baseline }: CellPair, { ratio }: Comparison): boolean {
  return (ratio - 1) * (candidate.summary.median - baseline.summary.median) < 0
}

function groupsText({ candidate, baseline }: CellPair, comparison: Comparison): string {
  const [one, other] = [candidate, baseline].map(cell => timeText(cell.summary.median))
  return `no one figure compares ${candidate.scheme} with ${baseline.scheme}, since their times fall apart into groups: the medians are ${one} and ${other}, while of all pairs of loads the typical time ratio is ${ratioText(comparison)} and points the other way`
}

function cautionsText({ samples, environment }: AnswerSource, cells: readonly Cell[]): string {
  const cautions = cells.flatMap(cell => cautionsOf(cell, samples, environment))
  return cautions.length === 0 ? '' : ` But ${cautions.join('; ')}.`
}

/** What people do who know of none of this: `normal`, else the plain read into a buffer of the same kind. */
function ordinaryOf({ cells }: AnswerSource, candidate: Cell): Cell | undefined {
  const at = (scheme: SchemeId) =>
    cells.find(cell => cell.scheme === scheme && cell.bytes === candidate.bytes)
  return at(plainReadOf('dma-heap')) ?? at(plainReadOf(schemeOf(candidate.scheme).buffer))
}

function ordinaryText(source: AnswerSource, { candidate, baseline }: CellPair): string {
  const ordinary = ordinaryOf(source, candidate)
  if (ordinary === undefined || ordinary === candidate || ordinary === baseline) return ''
  const comparison = compareCells([{ candidate, baseline: ordinary }]).get(candidate)
  const ratio =
    comparison === undefined ? '' : `, of which ${candidate.scheme} takes ${ratioText(comparison)}`
  return ` The ordinary way, ${ordinary.scheme}, takes ${timeText(ordinary.summary.median)}${ratio}.`
}

/** Where the sentence cannot set the pair beside the ordinary way. */
function ordinaryNote(source: AnswerSource, { candidate, baseline }: CellPair): string[] {
  const ordinary = ordinaryOf(source, candidate)
  if (ordinary === undefined) {
    const names = new Set([plainReadOf('dma-heap'), plainReadOf(schemeOf(candidate.scheme).buffer)])
    return [`The ordinary way (${[...names].join(' or ')}) was not measured at this size.`]
  }
  return ordinary === candidate || ordinary === baseline ? [`${ordinary.scheme} is the ordinary way.`] : []
}

/** The fastest of several, where the sentence is about others. */
function fastestText({ cells, plan }: AnswerSource, { candidate, chosen }: Asked): string[] {
  const atSize = fastestFirst(cells, candidate.bytes)
  const [first, second] = atSize
  if (chosen === 'picked' || atSize.length < 3 || first === undefined || second === undefined) return []
  const comparison = compareCells([{ candidate: first, baseline: second }]).get(first)
  if (comparison === undefined) return []
  const pairs = (atSize.length * (atSize.length - 1)) / 2
  const corrected = Math.min(1, comparison.pValue * pairs * (1 + plan.extensions.length))
  return [
    `The fastest of ${atSize.length} was ${first.scheme} with ${timeText(first.summary.median)}, picked after looking: against ${second.scheme}, the next, ${ratioText(comparison)}, ${pText(corrected)} corrected for ${countText(pairs, 'pair')}.`,
  ]
}

function mediansText(cells: readonly Cell[]): string {
  return cells
    .map(cell => `${cell.scheme} ${timeText(cell.summary.median)} (${repeatsText(cell)})`)
    .join(' against ')
}

function testText(
  source: AnswerSource,
  { chosen }: Asked,
  { correctedPValue, pairs, looks }: Verdict,
): string {
  const named = source.plan.question === null ? 'The plan’s first question' : 'Asked before the run'
  const how =
    chosen === 'planned'
      ? `${named}, tested alone`
      : `Picked after looking, corrected for ${countText(pairs, 'pair')} (Bonferroni)`
  const again = looks === 1 ? '' : ` and for ${looks} looks, since repeats were added after the first`
  return `${how}${again}: Mann-Whitney U, ${pText(correctedPValue)}.`
}

function repeatsText(cell: Cell): string {
  return countText(cell.summary.count, 'repeat')
}
