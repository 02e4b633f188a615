import { reasonOf } from '../contract/error.ts'
import { runStatuses } from '../contract/run.ts'
import { schemeIds } from '../contract/schemes.ts'
import { parseSize } from '../contract/size.ts'
import { didYouMean } from './words/didYouMean.ts'

/** The fields of a run that a filter can ask for by name. */
const textKeys = ['device', 'kernel', 'scheme', 'tag', 'name', 'note', 'status'] as const
export type TextKey = (typeof textKeys)[number]

export const runTraits = [
  'baseline',
  'faster',
  'imported',
  'measured',
  'named',
  'noted',
  'simulated',
  'slower',
  'tagged',
] as const
export type RunTrait = (typeof runTraits)[number]

export type FilterTerm = { readonly not: boolean } & (
  | { readonly key: 'word'; readonly value: string }
  /** `isStart`: the field begins with the value. */
  | { readonly key: TextKey; readonly value: string; readonly isStart: boolean }
  | { readonly key: 'run'; readonly id: number }
  | { readonly key: 'size'; readonly bytes: number }
  /** A run that began at or after `from` and before `before`; ISO, `null` where it is open. */
  | { readonly key: 'date'; readonly from: string | null; readonly before: string | null }
  | { readonly key: 'is'; readonly trait: RunTrait }
)

export type LedgerFilter = {
  /** All of them must hold. */
  readonly terms: readonly FilterTerm[]
  /** What is no filter, in words; it is left out. */
  readonly problems: readonly string[]
}

/** As two texts are compared: case and the ways to write a character do not count. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/**
 * Words and `key:value` terms, `-` before what must not be, `"…"` around spaces: `memfd -tag:old kernel:6.1
 * date:2026-11`. Keys: run, device, kernel, scheme, tag, name, note, status, size, date, is. What has no key of these is a
 * word, which any field may hold.
 */
export function parseLedgerFilter(text: string): LedgerFilter {
  const problems: string[] = []
  const terms = wordsOf(text).flatMap(word => {
    const term = termOf(word)
    if (typeof term !== 'string') return [term]
    problems.push(term)
    return []
  })
  return { terms, problems }
}

/** The words of a filter as they are written, quotes included. */
function wordsOf(text: string): string[] {
  return text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []
}

function termOf(word: string): FilterTerm | string {
  const not = word.length > 1 && word.startsWith('-')
  const [, key = '', raw = ''] = /^-?([a-z]+):(.*)$/s.exec(word) ?? []
  const value = unquoted(raw)
  if (value !== '') {
    if (isTextKey(key)) return textTerm(not, key, folded(value))
    if (key === 'run') return runTerm(not, value)
    if (key === 'size') return sizeTerm(not, value)
    if (key === 'date') return dateTerm(not, value)
    if (key === 'is') return traitTerm(not, value)
  }
  return { not, key: 'word', value: folded(unquoted(not ? word.slice(1) : word)) }
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}

function isTextKey(key: string): key is TextKey {
  return textKeys.some(known => known === key)
}

function textTerm(not: boolean, key: TextKey, value: string): FilterTerm | string {
  const isStart = value.endsWith('*')
  const start = isStart ? value.slice(0, -1) : value
  if (!isStart && key === 'scheme') return known(value, schemeIds) ?? { not, key, value, isStart }
  if (!isStart && key === 'status') return known(value, runStatuses) ?? { not, key, value, isStart }
  return { not, key, value: start, isStart }
}

function known(value: string, names: readonly string[]): string | null {
  if (names.includes(value)) return null
  const all = names.length > 12 ? 'the schemes' : names.join(', ')
  return `"${value}" is none of ${all}. ${didYouMean(value, names)}`.trimEnd()
}

function runTerm(not: boolean, value: string): FilterTerm | string {
  const id = Number(value.replace(/^#/, ''))
  return Number.isSafeInteger(id) && id > 0 ? { not, key: 'run', id } : `"${value}" is no run's number`
}

function sizeTerm(not: boolean, value: string): FilterTerm | string {
  try {
    return { not, key: 'size', bytes: parseSize(value) }
  } catch (thrown) {
    return reasonOf(thrown)
  }
}

function traitTerm(not: boolean, value: string): FilterTerm | string {
  const trait = runTraits.find(each => each === folded(value))
  return trait === undefined ? `"${value}" is none of ${runTraits.join(', ')}` : { not, key: 'is', trait }
}

/** `2026`, `2026-11`, `2026-11-28`, and `>=`, `>`, `<=` or `<` before one of them; by the clock of this machine. */
function dateTerm(not: boolean, value: string): FilterTerm | string {
  const [, order = '', year, month, day] = /^(>=|<=|>|<)?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(value) ?? []
  const wrong = `"${value}" is no date such as 2026-11, 2026-11-28 or >=2026-11-28`
  if (year === undefined) return wrong
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)]
  const first = new Date(y, m - 1, d)
  if (first.getMonth() !== m - 1 || first.getDate() !== d) return wrong
  const start = first.toISOString()
  const end = new Date(
    y + (month === undefined ? 1 : 0),
    m - 1 + (month !== undefined && day === undefined ? 1 : 0),
    d + (day === undefined ? 0 : 1),
  ).toISOString()
  const bounds = {
    '': [start, end],
    '>=': [start, null],
    '>': [end, null],
    '<=': [null, end],
    '<': [null, start],
  }
  const [from, before] = bounds[isOrder(order) ? order : '']
  return { not, key: 'date', from: from ?? null, before: before ?? null }
}

function isOrder(text: string): text is '>=' | '>' | '<=' | '<' {
  return ['>=', '>', '<=', '<'].includes(text)
}

/** A term as it is written in a filter. */
export function termText(key: string, value: string): string {
  const plain = unquoted(value)
  return /\s/.test(plain) ? `${key}:"${plain}"` : `${key}:${plain}`
}

/** The filter with a term more, or without it where it has it. */
export function withTermToggled(text: string, term: string): string {
  const words = wordsOf(text)
  const rest = words.filter(word => word !== term)
  return (rest.length < words.length ? rest : [...words, term]).join(' ')
}

export function hasTerm(text: string, term: string): boolean {
  return wordsOf(text).includes(term)
}
