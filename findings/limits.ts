import type { Phase, Span } from '../contract/sample.ts'
import { type Scheme, schemeOf } from '../contract/schemes.ts'
import type { Timed } from './cells.ts'
import { criticalPath, type PathStep } from './criticalPath.ts'
import { allocationNs } from './formulas.ts'
import { percentText, threeDigits, timeText } from './words/figureText.ts'

export const limitNames = [
  'allocation',
  'mapping',
  'creation',
  'reading',
  'copying',
  'opening',
  'handing over',
] as const
export type LimitName = (typeof limitNames)[number]

/** How much of the total one kind of work had to itself: its share of the critical path. */
export type Limit = { readonly name: LimitName; readonly ns: number; readonly share: number }

const limitOfPhase: Record<Exclude<Phase, 'wait' | 'close'>, LimitName> = {
  open: 'opening',
  alloc: 'allocation',
  map: 'mapping',
  create: 'creation',
  read: 'reading',
  copy: 'copying',
}

/** The limits of a load, largest first; their shares add up to 1. */
export function limitsOf(path: readonly PathStep[]): Limit[] {
  const totalNs = path.reduce((sum, step) => sum + lengthOf(step), 0)
  if (totalNs === 0) return []
  return limitNames
    .map(name => {
      const ns = path.filter(step => nameOf(step) === name).reduce((sum, step) => sum + lengthOf(step), 0)
      return { name, ns, share: ns / totalNs }
    })
    .filter(({ ns }) => ns > 0)
    .sort((a, b) => b.ns - a.ns)
}

function nameOf({ span }: PathStep): LimitName {
  return span === null || span.phase === 'wait' || span.phase === 'close'
    ? 'handing over'
    : limitOfPhase[span.phase]
}

function lengthOf({ startNs, endNs }: PathStep): number {
  return endNs - startNs
}

/** A load whose limits are asked for. */
export type LimitedLoad = {
  readonly sample: Timed
  readonly spans: readonly Span[]
  readonly ceilingBytesPerSecond: number | null
  /** Its buffer was asked to have huge pages. */
  readonly hugePages: boolean
}

export type Why = {
  readonly path: readonly PathStep[]
  readonly limits: readonly Limit[]
  readonly sentence: string
}

/** What limits a load, from its spans, and what would help. */
export function whyOf(load: LimitedLoad): Why {
  // Without spans nothing says what the time went to; not that it went to what stands between spans.
  const path = load.spans.length === 0 ? [] : criticalPath(load.spans, load.sample.totalNs)
  const limits = limitsOf(path)
  return { path, limits, sentence: sentenceOf(load, path, limits) }
}

function sentenceOf(load: LimitedLoad, path: readonly PathStep[], limits: readonly Limit[]): string {
  const [first] = limits
  if (first === undefined) return 'This load has no spans, so nothing says what limits it.'
  const scheme = schemeOf(load.sample.scheme)
  if (scheme.overlap === 'serial') return serialSentence(load, limits)
  if (scheme.overlap === 'gather' && gathersIn(load.spans) < 2) {
    return `One gather holds the whole file, so nothing overlaps: ${sharesText(limits)}. A smaller gather would let them overlap.`
  }
  switch (first.name) {
    case 'reading':
    case 'copying':
      return `${waitingText(load, path)} ${readingText(load, first)}.`
    case 'allocation':
      return `Allocation is the limit (${percentText(first.share)} of the time)${timesTheRead(load.sample)}. ${allocationAdvice(scheme, load)}`
    case 'creation':
      return `Creating the udmabuf is the limit (${percentText(first.share)} of the time).`
    case 'mapping':
      return `Mapping the buffer is the limit (${percentText(first.share)} of the time).`
    default:
      return `Fixed costs are the limit: ${sharesText(limits)}. A larger file would hide them.`
  }
}

function serialSentence({ sample }: LimitedLoad, limits: readonly Limit[]): string {
  const allocNs = allocationNs(sample)
  const could =
    allocNs === null || sample.readNs === null
      ? ''
      : ` Overlapping them could hide ${timeText(Math.min(allocNs, sample.readNs))} at most.`
  return `Nothing overlaps: ${sharesText(limits)}.${could}`
}

/** Shares below this say nothing of what limits a load. */
const leastShare = 0.02

function sharesText(limits: readonly Limit[]): string {
  const told = limits.filter(({ share }, index) => index === 0 || share >= leastShare)
  return told.map(({ name, share }) => `${name} ${percentText(share)}`).join(', ')
}

/** From when on no reader waited for pages, or how long they did in all. */
function waitingText({ sample, spans }: LimitedLoad, path: readonly PathStep[]): string {
  const late = path.filter(({ span }) => span !== null && span.phase === 'alloc' && (span.gather ?? 0) > 0)
  const lateNs = late.reduce((sum, step) => sum + lengthOf(step), 0)
  if (lateNs < leastShare * sample.totalNs) {
    const firstReadNs = Math.min(...spans.filter(isReading).map(span => span.startNs))
    return `The readers never waited after ${timeText(firstReadNs)}:`
  }
  return `The readers waited for pages again (${percentText(lateNs / sample.totalNs)} of the time), but`
}

function isReading({ phase }: Span): boolean {
  return phase === 'read' || phase === 'copy'
}

/** From here on a reader leaves nothing of the storage's ceiling that a person would look for. */
const nearCeiling = 0.8

function readingText({ sample, ceilingBytesPerSecond }: LimitedLoad, { name, share }: Limit): string {
  const time = `${percentText(share)} of the time`
  if (name === 'copying') return `copying is the limit (${time})`
  const rate = sample.readNs === null || sample.readNs === 0 ? null : sample.bytes / (sample.readNs / 1e9)
  const ofCeiling = rate === null || ceilingBytesPerSecond === null ? null : rate / ceilingBytesPerSecond
  const through = sample.direct ? 'reading' : 'reading through the page cache'
  if (ofCeiling === null) return `${through} is the limit (${time})`
  if (ofCeiling >= nearCeiling) {
    return `storage is the limit (${time}, at ${percentText(ofCeiling)} of its ceiling), more overlap gains nothing`
  }
  return `${through} is the limit (${time}), at ${percentText(ofCeiling)} of the storage’s ceiling; more requests at once could help`
}

function timesTheRead({ readNs, ...times }: Timed): string {
  const allocNs = allocationNs({ ...times, readNs })
  if (allocNs === null || readNs === null || readNs === 0 || allocNs < readNs) return ''
  return `: it takes ${threeDigits(allocNs / readNs)} times the read`
}

function allocationAdvice({ buffer }: Scheme, { hugePages }: LimitedLoad): string {
  return buffer !== 'dma-heap' && !hugePages
    ? 'Huge pages would help most.'
    : 'Only a faster allocation would help.'
}

function gathersIn(spans: readonly Span[]): number {
  return new Set(spans.flatMap(({ gather }) => gather ?? [])).size
}

/** From the pages of a gather to its read: what let what begin. */
export type GatherLink = {
  readonly gather: number
  readonly from: { readonly lane: string; readonly ns: number }
  readonly to: { readonly lane: string; readonly ns: number }
}

/** A link for each gather that was allocated and then read, in the order of the gathers. */
export function gatherLinks(spans: readonly Span[]): GatherLink[] {
  const gathered = spans.filter(span => span.gather !== null)
  return [...Map.groupBy(gathered, span => span.gather ?? 0)]
    .sort(([a], [b]) => a - b)
    .flatMap(([gather, all]) => {
      const to = all.filter(isReading).toSorted((a, b) => a.startNs - b.startNs)[0]
      const from = all
        .filter(({ phase }) => phase === 'alloc' || phase === 'map')
        .toSorted((a, b) => b.endNs - a.endNs)[0]
      if (to === undefined || from === undefined) return []
      return [{ gather, from: { lane: from.lane, ns: from.endNs }, to: { lane: to.lane, ns: to.startNs } }]
    })
}
