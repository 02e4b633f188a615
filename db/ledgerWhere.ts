import { type FilterTerm, folded, type LedgerFilter, type RunTrait } from '../findings/ledgerFilter.ts'

/** Begins a field in a run's `searchText`; what is typed into a filter holds none of them. */
const fields = {
  scheme: '\u0001',
  tag: '\u0002',
  kernel: '\u0003',
  size: '\u0004',
  device: '\u0005',
} as const
type Field = keyof typeof fields
const end = '\n'

/** What of a run a filter finds. */
export type Searchable = {
  readonly words: readonly string[]
  readonly fields: Readonly<Record<Field, readonly string[]>>
}

/** One text with all that a word can be in, in which each field's value stands whole between its sign and a line's end. */
export function searchTextOf(run: Searchable): string {
  const named = Object.entries(run.fields).flatMap(([field, values]) =>
    values.map(value => signOf(field) + plain(value)),
  )
  return [...run.words.map(plain), ...named, ''].join(end)
}

/** What one of a run's fields holds, as {@link searchTextOf} has it. */
export function valuesIn(searchText: string, field: Field): string[] {
  const sign = fields[field]
  return searchText
    .split(end)
    .filter(line => line.startsWith(sign))
    .map(line => line.slice(sign.length))
}

function signOf(field: string): string {
  return Object.entries(fields).find(([name]) => name === field)?.[1] ?? ''
}

/** Without what ends a field. */
function plain(text: string): string {
  return folded(text).replaceAll(/\p{Cc}/gu, ' ')
}

export type Where = { readonly sql: string; readonly values: readonly (string | number)[] }

/** The condition of a filter over `runs r` with its `changes c` and `baselines b`. */
export function whereOf({ terms }: LedgerFilter): Where {
  const parts = terms.map(conditionOf)
  return {
    sql: parts.length === 0 ? '1' : parts.map(part => `(${part.sql})`).join(' AND '),
    values: parts.flatMap(part => part.values),
  }
}

function conditionOf(term: FilterTerm): Where {
  const { sql, values } = positive(term)
  return term.not ? { sql: `NOT (${sql})`, values } : { sql, values }
}

function positive(term: FilterTerm): Where {
  switch (term.key) {
    case 'word':
      return holds(plain(term.value))
    case 'run':
      return { sql: 'r.id = ?', values: [term.id] }
    case 'name':
      return { sql: 'instr(folded(r.name), ?) > 0', values: [term.value] }
    case 'note':
      return { sql: 'instr(folded(r.note), ?) > 0', values: [term.value] }
    case 'status':
      return term.isStart
        ? { sql: 'substr(r.status, 1, ?) = ?', values: [term.value.length, term.value] }
        : { sql: 'r.status = ?', values: [term.value] }
    case 'kernel':
      return kernelCondition(plain(term.value), term.isStart)
    case 'device':
    case 'scheme':
    case 'tag':
      return holds(fields[term.key] + plain(term.value) + (term.isStart ? '' : end))
    case 'size':
      return holds(`${fields.size}${term.bytes}${end}`)
    case 'date':
      return dateCondition(term.from, term.before)
    case 'is':
      return { sql: traitConditions[term.trait], values: [] }
  }
}

function holds(text: string): Where {
  return { sql: 'instr(r.searchText, ?) > 0', values: [text] }
}

/** Of a version the first numbers are enough: 6.1 finds 6.1.75 and 6.1-rc3, and not 6.12. */
function kernelCondition(value: string, isStart: boolean): Where {
  const start = fields.kernel + value
  if (isStart || !/\d$/.test(value)) return holds(start)
  const ways = ['.', '-', '+', '_', end].map(next => holds(start + next))
  return { sql: ways.map(way => way.sql).join(' OR '), values: ways.flatMap(way => way.values) }
}

function dateCondition(from: string | null, before: string | null): Where {
  const parts = [
    ...(from === null ? [] : [{ sql: 'r.createdAt >= ?', value: from }]),
    ...(before === null ? [] : [{ sql: 'r.createdAt < ?', value: before }]),
  ]
  return { sql: parts.map(part => part.sql).join(' AND ') || '1', values: parts.map(part => part.value) }
}

const traitConditions: Record<RunTrait, string> = {
  baseline: 'b.runId IS r.id',
  faster: 'c.faster > 0 AND c.slower = 0',
  imported: 'r.imported = 1',
  measured: 'r.simulated = 0',
  named: "r.name <> ''",
  noted: "r.note <> ''",
  simulated: 'r.simulated = 1',
  slower: 'c.slower > 0',
  tagged: "r.tags <> '[]'",
}
