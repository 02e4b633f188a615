import type { Database } from 'better-sqlite3'
import { fail, LabFailure } from '../contract/error.ts'
import type {
  BaselineChange,
  FacetCounts,
  LedgerRow,
  LedgerRows,
  LedgerSort,
  LedgerWindow,
  TrendPoint,
} from '../contract/ledger.ts'
import type { SchemeId } from '../contract/schemes.ts'
import { folded, type LedgerFilter, parseLedgerFilter } from '../findings/ledgerFilter.ts'
import type { DigestCell, RunDigest } from '../findings/runDigest.ts'
import { bareRow, type ChangeTask, LedgerTable } from './ledgerTable.ts'
import type { RunStore } from './runStore.ts'
import { storing } from './storeFailure.ts'
import { UntilChanged } from './untilChanged.ts'

const all = Number.MAX_SAFE_INTEGER
const runsInSlice = 20

/** The history as it is listed, filtered and set against baselines. Each method is one transaction, as of a RunStore. */
export class LedgerStore {
  readonly #db: Database
  readonly #runs: RunStore
  readonly #ledger: LedgerTable
  /** A list is read in windows, and all runs are looked at to know what is in one of them. */
  readonly #listed: UntilChanged<readonly number[]>
  readonly #counts: UntilChanged<Pick<LedgerRows, 'total' | 'pending'>>

  constructor(db: Database, runs: RunStore) {
    this.#db = db
    this.#runs = runs
    this.#ledger = new LedgerTable(db)
    this.#listed = new UntilChanged(db)
    this.#counts = new UntilChanged(db)
  }

  /**
   * Brings up to date what filters and orders look at, as they do themselves where nobody did before them: a slice of it,
   * some milliseconds long. Runs that an older lab stored are not.
   * @returns whether all of it is done, or cannot be.
   */
  makeSomeSearchable(): boolean {
    try {
      return this.#makeSearchable(() => this.#ledger.unsearchable(runsInSlice)) < runsInSlice
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown
      return true
    }
  }

  /** Some rows; of a damaged database what can be read of it, without answers. */
  rows({ filter, sort, from, count }: LedgerWindow): LedgerRows {
    try {
      if (looksFurther({ filter, sort })) this.#makeSearchable(() => this.#ledger.unsearchable(all))
      const ids = this.#read(() => this.#idsOf(filter, sort))
      const shown = ids.slice(from, from + count)
      this.#makeSearchable(() => this.#ledger.unsearchableAmong(shown))
      return this.#read(() => {
        const rows = this.#ledger.rows(shown)
        const counts = this.#counts.get('', () => ({
          total: this.#ledger.count(),
          pending: this.#ledger.pending(),
        }))
        return { ...counts, matching: ids.length, rows }
      })
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown
      return readableRows(this.#runs.listRuns().map(bareRow), filter, { from, count })
    }
  }

  ids(filter: string, sort: LedgerSort): number[] {
    try {
      if (looksFurther({ filter, sort })) this.#makeSearchable(() => this.#ledger.unsearchable(all))
      return [...this.#read(() => this.#idsOf(filter, sort))]
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown
      const window = { from: 0, count: Number.POSITIVE_INFINITY }
      return readableRows(this.#runs.listRuns().map(bareRow), filter, window).rows.map(row => row.id)
    }
  }

  facets(filter: string): FacetCounts {
    this.#makeSearchable(() => this.#ledger.unsearchable(all))
    return this.#read(() => this.#ledger.facets(parseLedgerFilter(filter)))
  }

  /** From the oldest run to the newest, and the ids of those whose point is to be worked out again first. */
  trend(device: string, scheme: SchemeId, bytes: number): { points: TrendPoint[]; unknown: number[] } {
    return this.#read(() => this.#ledger.trend(device, scheme, bytes))
  }

  /** The runs of its device are set against this one from now on. @throws LabFailure `not-found`, `bad-input`. */
  pin(runId: number): void {
    const { status } = this.#runs.getSummary(runId)
    if (status === 'running') fail('busy', `run ${runId} is running`, 'Pin it when it has ended.')
    this.#write(() => this.#ledger.pin(runId))
  }

  unpin(runId: number): void {
    this.#write(() => this.#ledger.unpin(runId))
  }

  /** @throws LabFailure `not-found`. */
  deviceOf(runId: number): string {
    return (
      this.#read(() => this.#ledger.deviceOf(runId)) ??
      fail('not-found', `there is no run ${runId}`, 'List the runs to see which there are.')
    )
  }

  /** The newest run of a device that has figures. @throws LabFailure `not-found`. */
  newestOf(device: string): number {
    return (
      this.#read(() => this.#ledger.newestOf(device)) ??
      fail('not-found', `no run of ${device} has figures`, 'List the runs to see which devices there are.')
    )
  }

  /** Some of the runs whose answers are to be worked out, the newest first. */
  pendingIds(count: number): number[] {
    return this.#read(() => this.#ledger.pendingIds(count))
  }

  /** What is to be worked out of it: `answer` is the state of the run that it is of. */
  taskOf(runId: number): { readonly answer: string | null; readonly change: ChangeTask | null } {
    return this.#read(() => this.#ledger.taskOf(runId))
  }

  cellsOf(runId: number): { readonly answer: RunDigest['answer']; readonly cells: readonly DigestCell[] } {
    return this.#read(() => ({ answer: this.#ledger.answerOf(runId), cells: this.#ledger.cellsOf(runId) }))
  }

  storeDigest(runId: number, changedAt: string, digest: RunDigest): void {
    this.#write(() => this.#ledger.storeDigest(runId, changedAt, digest))
  }

  storeChange(task: ChangeTask, change: BaselineChange | null): void {
    this.#write(() => this.#ledger.storeChange(task, change))
  }

  #idsOf(filter: string, sort: LedgerSort): readonly number[] {
    const question = JSON.stringify([filter, sort.column, sort.descending])
    return this.#listed.get(question, () => this.#ledger.ids(parseLedgerFilter(filter), sort))
  }

  /**
   * A disk that takes nothing more, or a database that is locked, must not hide the history.
   * @returns how many it was done for.
   */
  #makeSearchable(which: () => number[]): number {
    if (this.#read(which).length === 0) return 0
    try {
      return this.#write(() => {
        const runIds = which()
        this.#ledger.makeSearchable(runIds)
        return runIds.length
      })
    } catch (thrown) {
      if (!(thrown instanceof LabFailure) || isCorrupt(thrown)) throw thrown
      return 0
    }
  }

  #read<T>(work: () => T): T {
    return storing(this.#db.name, () => this.#db.transaction(work).deferred())
  }

  #write<T>(work: () => T): T {
    return storing(this.#db.name, () => this.#db.transaction(work).immediate())
  }
}

/** Whether a list looks at more than what each run has from its beginning. */
export function looksFurther({ filter, sort }: Pick<LedgerWindow, 'filter' | 'sort'>): boolean {
  return filter.trim() !== '' || sort.column === 'kernel' || sort.column === 'gatherBytes'
}

function isCorrupt(thrown: unknown): boolean {
  return thrown instanceof LabFailure && thrown.kind === 'store-corrupt'
}

/** Newest first, and by the filter's words alone. */
function readableRows(
  rows: readonly LedgerRow[],
  filter: string,
  { from, count }: Pick<LedgerWindow, 'from' | 'count'>,
): LedgerRows {
  const words = wordsOf(parseLedgerFilter(filter))
  const matching = rows.filter(row => {
    const text = folded(JSON.stringify(row))
    return words.every(word => text.includes(word))
  })
  return {
    total: rows.length,
    matching: matching.length,
    pending: 0,
    rows: matching.slice(from, from + count),
  }
}

function wordsOf({ terms }: LedgerFilter): string[] {
  return terms.flatMap(term => (term.key === 'word' && !term.not ? [term.value] : []))
}
