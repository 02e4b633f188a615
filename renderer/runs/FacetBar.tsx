import { useEffect, useState } from 'react'
import { type Facet, type FacetCounts, facets } from '../../contract/ledger.ts'
import { hasTerm, termText, withTermToggled } from '../../findings/ledgerFilter.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { valueOrTell } from '../base/notices.ts'
import { lab } from '../lab/lab.ts'

type Props = { readonly filter: string; readonly onFilter: (filter: string) => void }

const traits = ['slower', 'faster', 'baseline', 'measured', 'simulated', 'imported', 'tagged', 'noted']

/** What the listed runs have, and how many of them; a click filters by it, another one no longer. */
export function FacetBar({ filter, onFilter }: Props) {
  const [opened, setOpened] = useState<Facet | 'is' | null>(null)
  const counts = useFacets(filter, opened !== null && opened !== 'is')
  const toggle = (term: string) => onFilter(withTermToggled(filter, term))
  const props = { filter, toggle, opened, setOpened }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc anywhere in it closes what is open
    <div
      className="facets"
      onKeyDown={event => {
        if (event.key !== 'Escape' || opened === null) return
        event.preventDefault()
        setOpened(null)
      }}
    >
      {facets.map(facet => (
        <FacetList key={facet} facet={facet} {...props}>
          {counts?.[facet]?.map(({ value, title, count }) => ({ value, title, count })) ?? null}
        </FacetList>
      ))}
      <FacetList facet="is" {...props}>
        {traits.map(value => ({ value, title: value, count: null }))}
      </FacetList>
    </div>
  )
}

function useFacets(filter: string, wanted: boolean): FacetCounts | null {
  const [counts, setCounts] = useState<FacetCounts | null>(null)
  useEffect(() => {
    if (!wanted) return
    let current = true
    void valueOrTell(lab.ledger.facets({ filter })).then(found => {
      if (current && found !== null) setCounts(found)
    })
    return () => {
      current = false
    }
  }, [filter, wanted])
  return counts
}

type Value = { readonly value: string; readonly title: string; readonly count: number | null }
type ListProps = {
  readonly facet: Facet | 'is'
  readonly filter: string
  readonly toggle: (term: string) => void
  readonly opened: Facet | 'is' | null
  readonly setOpened: (facet: Facet | 'is' | null) => void
  readonly children: readonly Value[] | null
}

function FacetList({ facet, filter, toggle, opened, setOpened, children: values }: ListProps) {
  const isOpen = opened === facet
  return (
    <div className="facet">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpened(isOpen ? null : facet)}>
        {facet} <span aria-hidden="true">▾</span>
      </button>
      {isOpen && (
        <fieldset className="facet-values" aria-label={`Filter by ${facet}`}>
          {values === null && <p className="quiet">…</p>}
          {values?.length === 0 && <p className="quiet">None of the listed runs has one.</p>}
          {values?.map(({ value, title, count }) => {
            const term = termText(facet, value)
            return (
              <button
                type="button"
                key={value}
                aria-pressed={hasTerm(filter, term)}
                onClick={() => toggle(term)}
              >
                <span>{visibleText(title === value ? value : `${title} (${value})`)}</span>
                {count !== null && <span className="quiet figures">{count}</span>}
              </button>
            )
          })}
        </fieldset>
      )}
    </div>
  )
}
