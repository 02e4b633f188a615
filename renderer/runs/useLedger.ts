import { useEffect, useState, useSyncExternalStore } from 'react'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { type LedgerOrder, type LedgerPage, LedgerPages } from './ledgerPages.ts'

/** What changes in quick succession, as the samples of a run do, is read again this often at most. */
const renewEveryMs = 300

/** The rows of the ledger in this order, as far as they are looked at. */
export function useLedger({ filter, sort }: LedgerOrder): {
  readonly page: LedgerPage
  readonly look: (first: number, last: number) => void
} {
  const [pages] = useState(() => new LedgerPages(window => lab.ledger.rows(window)))
  const page = useSyncExternalStore(pages.subscribe, pages.get)
  const age = useLab(state => state.ledgerAge)
  const { column, descending } = sort
  useEffect(() => pages.order({ filter, sort: { column, descending } }), [pages, filter, column, descending])
  useEffect(() => {
    if (age === 0) return
    const timer = window.setTimeout(() => pages.renew(), renewEveryMs)
    return () => window.clearTimeout(timer)
  }, [pages, age])
  const [look] = useState(() => (first: number, last: number) => pages.look(first, last))
  return { page, look }
}
