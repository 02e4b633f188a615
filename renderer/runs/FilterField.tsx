import { useEffect, useRef } from 'react'
import { useResting } from '../base/useResting.ts'

type Props = { readonly filter: string; readonly onFilter: (filter: string) => void }

const help =
  'Words, or key:value: device, kernel, scheme, tag, name, note, status, size, date, is. "-" before what must not be.'
/** Quicker than this nobody reads a list, and a browser bounds how often an address may change. */
const settleMs = 60

/** `/` leads to it, Esc empties it. */
export function FilterField({ filter, onFilter }: Props) {
  const field = useRef<HTMLInputElement>(null)
  // A filter in the address that was not typed here is a facet's, or the way back.
  const [text, setText] = useResting(filter, onFilter, settleMs)
  useSlash(() => field.current?.focus())
  return (
    <input
      ref={field}
      type="search"
      aria-label="Filter runs"
      aria-keyshortcuts="/"
      title={help}
      placeholder="/ kernel:6.1 tag:nightly memfd"
      maxLength={1000}
      value={text}
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        if (text === '') event.currentTarget.blur()
        else setText('')
      }}
    />
  )
}

function useSlash(act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
