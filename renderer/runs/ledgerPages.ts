import type { LabError, Outcome } from '../../contract/error.ts'
import type { LedgerRow, LedgerRows, LedgerSort, LedgerWindow } from '../../contract/ledger.ts'

export type LedgerOrder = { readonly filter: string; readonly sort: LedgerSort }
type Read = (window: LedgerWindow) => Promise<Outcome<LedgerRows>>

/** What is known of the ledger in one order; `rows` has gaps where nobody has looked. */
export type LedgerPage = {
  /** Of the order that the rows are in; `null` until the first answer. */
  readonly counts: (Pick<LedgerRows, 'total' | 'matching' | 'pending'> & { readonly filter: string }) | null
  readonly rows: ReadonlyMap<number, LedgerRow>
  readonly error: LabError | null
}

const rowsAtOnce = 50
const nothing: LedgerPage = { counts: null, rows: new Map(), error: null }

/**
 * The rows of the ledger that are looked at, read in windows. What is shown stays until what replaces it has come, and
 * an answer that came too late is dropped.
 */
export class LedgerPages {
  readonly #read: Read
  readonly #listeners = new Set<() => void>()
  #page = nothing
  #order: LedgerOrder | null = null
  #reach = { first: 0, last: 0 }
  /** Windows that are known or on their way; those on their way may be old when they come. */
  #asked = new Map<number, 'known' | 'on its way' | 'old'>()
  #era = 0
  /** What the rows that are shown are of. */
  #shownEra = 0

  constructor(read: Read) {
    this.#read = read
  }

  readonly get = (): LedgerPage => this.#page

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Shows the ledger in this order. The rows of another one are shown until its own come. */
  order(order: LedgerOrder): void {
    if (this.#order !== null && JSON.stringify(this.#order) === JSON.stringify(order)) return
    this.#order = order
    this.#era += 1
    this.#asked = new Map()
    this.#readMissing()
  }

  /** Whether one of these runs is in sight. */
  shows(runIds: readonly number[]): boolean {
    const { first, last } = this.#reach
    return [...this.#page.rows].some(
      ([place, row]) => place >= first && place < last && runIds.includes(row.id),
    )
  }

  /** These rows are in sight, from `first` up to `last`. */
  look(first: number, last: number): void {
    this.#reach = { first, last }
    this.#readMissing()
  }

  /** What is known may be old. What is on its way is shown all the same, and then read again. */
  renew(): void {
    for (const [window, state] of this.#asked) {
      if (state === 'known') this.#asked.delete(window)
      else this.#asked.set(window, 'old')
    }
    this.#readMissing()
  }

  #readMissing(): void {
    const order = this.#order
    if (order === null) return
    const { first, last } = this.#reach
    for (let window = Math.floor(first / rowsAtOnce); window * rowsAtOnce < Math.max(last, 1); window += 1) {
      if (this.#asked.has(window)) continue
      this.#asked.set(window, 'on its way')
      void this.#readWindow(order, window)
    }
  }

  async #readWindow(order: LedgerOrder, window: number): Promise<void> {
    const era = this.#era
    const from = window * rowsAtOnce
    const outcome = await this.#read({ ...order, from, count: rowsAtOnce })
    if (era !== this.#era) return
    this.#page = outcome.ok
      ? this.#withRows(from, order.filter, outcome.value)
      : { ...this.#page, error: outcome.error }
    const isOld = this.#asked.get(window) === 'old'
    if (isOld) this.#asked.delete(window)
    else this.#asked.set(window, 'known')
    for (const listener of this.#listeners) listener()
    if (isOld) this.#readMissing()
  }

  #withRows(from: number, filter: string, { rows, ...counts }: LedgerRows): LedgerPage {
    const isSameOrder = this.#shownEra === this.#era
    this.#shownEra = this.#era
    const known = new Map(
      isSameOrder ? [...this.#page.rows].filter(([place]) => place < counts.matching) : [],
    )
    rows.forEach((row, offset) => {
      known.set(from + offset, row)
    })
    return { counts: { ...counts, filter }, rows: known, error: null }
  }
}
