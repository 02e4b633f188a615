import { type SyntheticEvent, useState } from 'react'
import { toLabError } from '../../contract/error.ts'
import { presetSizesBytes } from '../../contract/plan.ts'
import { parseSize } from '../../contract/size.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { changeDraft, useDraft } from './draftStore.ts'
import { toggled, withSize } from './planDraft.ts'

const presets: readonly number[] = presetSizesBytes

export function SizePicker() {
  const { offeredBytes, sizesBytes } = useDraft()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const add = (event: SyntheticEvent) => {
    event.preventDefault()
    try {
      const bytes = parseSize(text)
      changeDraft(draft => withSize(draft, bytes))
      setText('')
      setProblem('')
    } catch (thrown) {
      const { message, hint } = toLabError(thrown)
      setProblem(`${message}. ${hint}`)
    }
  }
  return (
    <fieldset className="group">
      <legend>Sizes</legend>
      <div className="pills">
        {offeredBytes.map(bytes => (
          <label key={bytes} className="pill">
            <input
              type="checkbox"
              aria-label={sizeText(bytes)}
              checked={sizesBytes.includes(bytes)}
              onChange={() =>
                changeDraft(draft => ({ ...draft, sizesBytes: toggled(draft.sizesBytes, bytes) }))
              }
            />
            {sizeText(bytes)}
            {!presets.includes(bytes) && !sizesBytes.includes(bytes) && (
              <button
                type="button"
                className="plain"
                aria-label={`Forget ${sizeText(bytes)}`}
                onClick={() =>
                  changeDraft(draft => ({
                    ...draft,
                    offeredBytes: draft.offeredBytes.filter(other => other !== bytes),
                  }))
                }
              >
                ×
              </button>
            )}
          </label>
        ))}
      </div>
      <form className="row" onSubmit={add}>
        <input
          aria-label="Another size"
          placeholder="another, as 256MiB"
          value={text}
          aria-invalid={problem !== ''}
          onChange={event => setText(event.target.value)}
        />
        <button type="submit" disabled={text.trim() === ''}>
          Add
        </button>
      </form>
      {problem !== '' && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  )
}
