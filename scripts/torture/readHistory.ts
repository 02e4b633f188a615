import { toLabError } from '../../contract/error.ts'
import type { RunSummary } from '../../contract/run.ts'
import { openStore, type Store } from '../../db/openStore.ts'
import { damagedLabels } from '../../db/rows.ts'
import { isUnknown } from '../../main/lab/ledgerHandlers.ts'
import { historyFilters } from './storedHistory.ts'

/**
 * All that a history says, call by call, as JSON. What a call refused as damage, or told as damaged in what it answered, or is to be worked out
 * again, is `null`: it is no figure that changed without a word.
 */
export type ReadHistory = {
  readonly parts: ReadonlyMap<string, string | null>
  /** A refusal that is none of the store's, where there was one. */
  readonly fault: string | null
}

/** Of a run's row, of its answer and of its change. */
const sortedBy = ['name', 'saved', 'change'] as const

type Reading = { readonly parts: Map<string, string | null>; fault: string | null }

/** A history that is refused as a whole, or begun anew with a notice, has no parts. */
export function readHistory(file: string): ReadHistory {
  const reading: Reading = { parts: new Map(), fault: null }
  const store = told(reading, () => openStore(file))
  if (store === null) return reading
  try {
    if (store.notices.length === 0) readStore(reading, store)
    return reading
  } finally {
    told(reading, () => store.close())
  }
}

function readStore(reading: Reading, store: Store): void {
  const summaries = told(reading, () => store.runs.listRuns())
  part(reading, 'the list of runs', () => summaries?.map(({ id }) => id) ?? null)
  part(reading, 'the newest two', () =>
    store.runs.listRuns(2).map(({ id, damaged }) => (damaged ? null : id)),
  )
  if (summaries === null) return
  for (const summary of summaries) readRun(reading, store, summary)
  readLedger(reading, store, summaries)
}

function readRun(reading: Reading, { runs, ledger }: Store, summary: RunSummary): void {
  const { id, damaged } = summary
  part(reading, `run ${id}`, () => (damaged || summary.note === damagedLabels.note ? null : summary))
  if (damaged) return
  part(reading, `run ${id}, its plan and what it found`, () =>
    summary.note === damagedLabels.note ? null : runs.getState(id),
  )
  part(reading, `run ${id}, its setting`, () => runs.getSetting(id))
  part(reading, `run ${id}, what a resumed one need not measure`, () => runs.doneKeys(id))
  part(reading, `run ${id}, its device`, () => ledger.deviceOf(id))
  part(reading, `run ${id}, its cells`, () => (ledger.taskOf(id).answer === null ? ledger.cellsOf(id) : null))
  const detail = told(reading, () => runs.getRun(id))
  part(reading, `run ${id}, its number of samples`, () => detail?.samples.length ?? null)
  for (const sample of detail?.samples ?? []) {
    const isDamaged = sample.reason.startsWith('damaged in the database')
    // Its place may be what is damaged: it stands beside the sample that is there.
    if (isDamaged) part(reading, `run ${id}, a damaged sample`, () => null)
    part(reading, `run ${id}, sample ${sample.index}`, () => (isDamaged ? null : sample))
    part(reading, `run ${id}, spans of sample ${sample.index}`, () =>
      isDamaged ? null : runs.getSpans(sample.id),
    )
  }
}

function readLedger(reading: Reading, { ledger, runs }: Store, summaries: readonly RunSummary[]): void {
  const window = { filter: '', sort: { column: 'id', descending: true }, from: 0, count: 100 } as const
  const found = told(reading, () => ledger.rows(window))
  part(reading, 'the ledger', () => found && { ...found, rows: found.rows.map(({ id }) => id) })
  for (const row of found?.rows ?? []) {
    part(reading, `the ledger, run ${row.id}`, () => (row.damaged || isUnknown(row) ? null : row))
  }
  for (const column of sortedBy) {
    part(reading, `the ledger by ${column}`, () => ledger.ids('', { column, descending: false }))
  }
  for (const filter of historyFilters) {
    part(reading, `the ledger with ${filter}`, () => ledger.ids(filter, window.sort))
  }
  part(reading, 'the ledger, what there is', () => ledger.facets(''))
  for (const device of new Set(summaries.map(({ target }) => target))) {
    part(reading, `the newest of ${device}`, () => ledger.newestOf(device))
    part(reading, `folders on ${device}`, () => runs.directoriesOf(device))
    for (const { schemes, sizesBytes } of summaries.slice(0, 1))
      for (const scheme of schemes)
        for (const bytes of sizesBytes)
          part(
            reading,
            `the trend of ${device}, ${scheme}, ${bytes}`,
            () => ledger.trend(device, scheme, bytes).points,
          )
  }
}

function part(reading: Reading, name: string, read: () => unknown): void {
  const value = told(reading, read)
  reading.parts.set(name, value === null ? null : JSON.stringify(value))
}

function told<T>(reading: Reading, read: () => T): T | null {
  try {
    return read()
  } catch (thrown) {
    const { kind, message } = toLabError(thrown)
    if (kind === 'internal') reading.fault = message
    return null
  }
}
