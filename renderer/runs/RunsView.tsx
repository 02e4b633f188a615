import './runs.css'
import { useCallback, useEffect, useState } from 'react'
import { type LedgerSort, ledgerColumns, newestFirst } from '../../contract/ledger.ts'
import { parseLedgerFilter } from '../../findings/ledgerFilter.ts'
import { valueOrTell } from '../base/notices.ts'
import { hashOf, idOf } from '../base/route.ts'
import { changeSettings, useSetting } from '../base/useRoute.ts'
import { lab } from '../lab/lab.ts'
import { ChosenBar } from './ChosenBar.tsx'
import { FacetBar } from './FacetBar.tsx'
import { FilterField } from './FilterField.tsx'
import { ImportButton } from './ImportButton.tsx'
import { LabelPanel } from './LabelPanel.tsx'
import { LedgerTable } from './LedgerTable.tsx'
import type { LedgerPage } from './ledgerPages.ts'
import { useLedger } from './useLedger.ts'

/** `#/runs?filter=tag:nightly&sort=saved-&run=12`: the ledger, filtered, sorted, with the labels of a run beside it. */
export function RunsView() {
  const [filter, setFilter] = useSetting('filter')
  const [sortText, setSort] = useSetting('sort')
  const [openedText, setOpened] = useSetting('run')
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const sort = sortOf(sortText)
  const opened = idOf(openedText)
  const { page, look } = useLedger({ filter, sort })
  const choose = useCallback(
    (runId: number, isChosen: boolean) =>
      setChosen(before => {
        const after = new Set(before)
        if (isChosen) after.add(runId)
        else after.delete(runId)
        return after
      }),
    [],
  )
  const chooseAll = async (isChosen: boolean) => {
    const ids = isChosen ? await valueOrTell(lab.ledger.ids({ filter, sort })) : []
    if (ids !== null) setChosen(new Set(ids))
  }
  const open = useCallback((runId: number) => changeSettings({ run: String(runId) }), [])
  useForgetDeleted(setChosen)
  const isEmpty = page.counts?.total === 0
  return (
    <div className="page">
      <header className="bar">
        <h1>Runs</h1>
        {!isEmpty && (
          <>
            <FilterField filter={filter} onFilter={setFilter} />
            <FacetBar filter={filter} onFilter={setFilter} />
            <span className="quiet" role="status">
              {countsText(page)}
            </span>
          </>
        )}
        <span className="spring" />
        {/* In one place in both: a file may be chosen before it is known whether there are runs. */}
        <ImportButton />
      </header>
      {isEmpty ? (
        <NoRuns />
      ) : (
        <>
          <FilterProblems filter={filter} page={page} />
          {chosen.size > 0 && <ChosenBar chosen={chosen} onClear={() => setChosen(new Set())} />}
          <div className={opened === null ? 'ledger-and-labels' : 'ledger-and-labels open'}>
            <LedgerTable
              page={page}
              sort={sort}
              chosen={chosen}
              opened={opened}
              onSort={next => setSort(textOfSort(next))}
              onLook={look}
              onChoose={choose}
              onChooseAll={isChosen => void chooseAll(isChosen)}
              onOpen={open}
            />
            {opened !== null && <LabelPanel key={opened} runId={opened} onClose={() => setOpened('')} />}
          </div>
        </>
      )}
    </div>
  )
}

/** `saved-` is by what is saved, the most first; `id-` is what an address without an order means. */
function sortOf(text: string): LedgerSort {
  const column = ledgerColumns.find(each => each === text.replace(/-$/, ''))
  return column === undefined ? newestFirst : { column, descending: text.endsWith('-') }
}

function textOfSort({ column, descending }: LedgerSort): string {
  const text = `${column}${descending ? '-' : ''}`
  return text === 'id-' ? '' : text
}

function countsText({ counts }: LedgerPage): string {
  if (counts === null) return ''
  const { total, matching, pending, filter } = counts
  const listed = filter.trim() === '' ? `${total} in all` : `${matching} of ${total}`
  return pending === 0 ? listed : `${listed}, ${pending} answers to come`
}

/** A run that is deleted, here or by another window, is chosen no longer. */
function useForgetDeleted(
  change: (next: (chosen: ReadonlySet<number>) => ReadonlySet<number>) => void,
): void {
  useEffect(
    () =>
      lab.on('runDeleted', ({ runId }) =>
        change(chosen => (chosen.has(runId) ? new Set([...chosen].filter(id => id !== runId)) : chosen)),
      ),
    [change],
  )
}

function FilterProblems({ filter, page }: { filter: string; page: LedgerPage }) {
  const { problems } = parseLedgerFilter(filter)
  const said = page.error === null ? problems : [...problems, page.error.message]
  if (said.length === 0) return null
  return (
    <p className="problem ledger-problem" role="status">
      {said.join('; ')}
    </p>
  )
}

function NoRuns() {
  return (
    <section className="empty">
      <h2>No run yet</h2>
      <p>Every run you start is kept here, with its plan, its environment and each sample.</p>
      <a className="button primary" href={hashOf('bench')}>
        Open the bench
      </a>
    </section>
  )
}
