import { useEffect, useState, useSyncExternalStore } from 'react'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { type LedgerOrder, type LedgerPage, LedgerPages } from './ledgerPages.ts'

/** What changes in quick succession, as the samples of a run do, is read again this often at most. */
const renewEveryMs = 300
/** What is found out of runs out of sight changes the counts alone. */
const recountEveryMs = 2000

/** The rows of the ledger in this order, as far as they are looked at. */
export function useLedger({ filter, sort }: LedgerOrder): {
  readonly page: LedgerPage
  readonly look: (first: number, last: number) => void
} {
  const [pages] = useState(() => new LedgerPages(window => lab.ledger.rows(window)))
  const [renewal] = useState(() => new Renewal(() => pages.renew()))
  const page = useSyncExternalStore(pages.subscribe, pages.get)
  const age = useLab(state => state.ledgerAge)
  const { column, descending } = sort
  useEffect(() => pages.order({ filter, sort: { column, descending } }), [pages, filter, column, descending])
  useEffect(() => {
    if (age > 0) renewal.within(renewEveryMs)
  }, [renewal, age])
  useEffect(() => {
    const unsubscribe = lab.on('ledgerChanged', ({ runIds }) =>
      renewal.within(pages.shows(runIds) ? renewEveryMs : recountEveryMs),
    )
    return () => {
      unsubscribe()
      renewal.end()
    }
  }, [pages, renewal])
  const [look] = useState(() => (first: number, last: number) => pages.look(first, last))
  return { page, look }
}

/** Does something once for all who ask for it, at the earliest time that one of them names. */
class Renewal {
  readonly #act: () => void
  #timer = 0
  #dueMs = Number.POSITIVE_INFINITY

  constructor(act: () => void) {
    this.#act = act
  }

  within(ms: number): void {
    const dueMs = performance.now() + ms
    if (dueMs >= this.#dueMs) return
    window.clearTimeout(this.#timer)
    this.#dueMs = dueMs
    this.#timer = window.setTimeout(() => {
      this.#dueMs = Number.POSITIVE_INFINITY
      this.#act()
    }, ms)
  }

  end(): void {
    window.clearTimeout(this.#timer)
    this.#dueMs = Number.POSITIVE_INFINITY
  }
}
