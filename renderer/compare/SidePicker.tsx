import { useEffect, useId, useState } from 'react'
import type { Side } from '../../contract/comparison.ts'
import type { LedgerRow } from '../../contract/ledger.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { clockText } from '../../findings/words/figureText.ts'
import { visibleText } from '../../findings/words/foreignText.ts'
import { lab } from '../lab/lab.ts'

type Props = { readonly onPick: (side: Side) => void; readonly disabled: boolean }
type Choice = { readonly key: string; readonly title: string; readonly about: string; readonly side: Side }

const mostListed = 12
const settleMs = 80

/** Finds a run, a scheme of a run or a device by what is typed: the words of the ledger's filter. */
export function SidePicker({ onPick, disabled }: Props) {
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const listId = useId()
  const found = useChoices(text, open)
  // What was found for other words is not taken for what these mean.
  const choices = found.text === text ? found.choices : []
  const pick = (choice: Choice | undefined) => {
    if (choice === undefined) return
    onPick(choice.side)
    setText('')
    setAt(0)
    setOpen(false)
  }
  const onKey = (key: string): boolean => {
    if (key === 'Escape' && !open) return false
    if (key === 'ArrowDown') setAt(Math.min(at + 1, choices.length - 1))
    else if (key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (key === 'Enter') pick(choices[at])
    else if (key === 'Escape') setOpen(false)
    else return false
    return true
  }
  return (
    <div className="picker">
      <input
        type="search"
        role="combobox"
        aria-label="Add a run, a scheme or a device"
        aria-expanded={open}
        aria-controls={listId}
        aria-activedescendant={open && choices[at] !== undefined ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder="a run’s number, name, tag or device"
        disabled={disabled}
        value={text}
        onChange={event => {
          setText(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={event => {
          if (onKey(event.key)) event.preventDefault()
        }}
      />
      <div id={listId} role="listbox" aria-label="Found" hidden={!open} className="picker-list">
        {choices.map((choice, place) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active one
          <div
            key={choice.key}
            id={`${listId}-${place}`}
            role="option"
            aria-selected={place === at}
            // Before the field loses the focus.
            onMouseDown={event => {
              event.preventDefault()
              pick(choice)
            }}
          >
            <span>{choice.title}</span> <span className="quiet">{choice.about}</span>
          </div>
        ))}
        {choices.length === 0 && <p className="quiet">{found.text === text ? 'Nothing is found.' : '…'}</p>}
      </div>
    </div>
  )
}

type Found = { readonly text: string | null; readonly choices: readonly Choice[] }

function useChoices(text: string, wanted: boolean): Found {
  const [choices, setChoices] = useState<Found>({ text: null, choices: [] })
  useEffect(() => {
    if (!wanted) return
    let current = true
    const timer = window.setTimeout(async () => {
      const found = await lab.ledger.rows({ filter: text, count: mostListed })
      const devices = await lab.ledger.facets({ filter: text })
      if (!current || !found.ok) return
      const runs = found.value.rows.flatMap(row => runChoices(row, text))
      const all = devices.ok ? devices.value.device : []
      setChoices({ text, choices: [...runs, ...all.map(({ value, title }) => deviceChoice(value, title))] })
    }, settleMs)
    return () => {
      current = false
      window.clearTimeout(timer)
    }
  }, [text, wanted])
  return choices
}

/** The run, and where few are left or a scheme is typed, its schemes as well. */
function runChoices(row: LedgerRow, text: string): Choice[] {
  const about = [row.name, row.title, clockText(row.createdAt).slice(0, 16)]
    .filter(part => part !== '')
    .map(visibleText)
    .join(', ')
  const word = text.trim().split(/\s+/).at(-1) ?? ''
  const schemes = row.schemes.filter(
    scheme => word.length > 2 && scheme.includes(word.replace(/^scheme:/, '')),
  )
  const choiceOf = (scheme: SchemeId | null): Choice => ({
    key: `${row.id}/${scheme}`,
    title: scheme === null ? `run ${row.id}` : `run ${row.id}, ${scheme}`,
    about,
    side: { runId: row.id, scheme },
  })
  return [choiceOf(null), ...schemes.map(choiceOf)]
}

function deviceChoice(device: string, title: string): Choice {
  return {
    key: `device ${device}`,
    title: `newest run of ${visibleText(device)}`,
    about: title === device ? '' : visibleText(title),
    side: { device, scheme: null },
  }
}
