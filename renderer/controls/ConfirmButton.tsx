import { useState } from 'react'

type Props = {
  readonly title: string
  readonly question: string
  readonly confirm: string
  readonly onConfirm: () => void
}

/** Asks once, in place. Leaving it, or Esc, takes the question back. */
export function ConfirmButton({ title, question, confirm, onConfirm }: Props) {
  const [asking, setAsking] = useState(false)
  if (!asking) {
    return (
      <button type="button" className="plain" onClick={() => setAsking(true)}>
        {title}
      </button>
    )
  }
  return (
    <span className="confirm">
      {question}
      <button
        type="button"
        className="danger"
        // The question has just replaced the button that had the focus.
        // biome-ignore lint/a11y/noAutofocus: the focus stays where it was
        autoFocus
        onClick={onConfirm}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          setAsking(false)
        }}
      >
        {confirm}
      </button>
      <button type="button" className="plain" onClick={() => setAsking(false)}>
        Keep
      </button>
    </span>
  )
}
