import { useState } from 'react'
import type { Capabilities } from '../../contract/target.ts'
import { tell } from '../base/notices.ts'
import { changeDraft, useDraft } from './draftStore.ts'
import { ownFile, presets, withPreset } from './presets.ts'
import { removePreset, savePreset, useSavedPresets } from './savedPresets.ts'
import { runnable } from './schemeChoices.ts'

/** Plans to begin from; a preset fills in schemes, sizes, gather and repeats, a saved one the whole plan. */
export function PresetBar({ known }: { known: readonly Capabilities[] }) {
  const saved = useSavedPresets()
  const can = known.flatMap(one =>
    runnable(
      one.schemes.map(({ scheme }) => scheme),
      one,
    ),
  )
  return (
    <fieldset className="row presets" aria-label="Presets">
      <span className="quiet">preset</span>
      {presets.map(preset => (
        <button
          type="button"
          key={preset}
          disabled={can.length === 0}
          onClick={() => changeDraft(draft => withPreset(draft, preset, can))}
        >
          {preset}
        </button>
      ))}
      <button
        type="button"
        disabled={can.length === 0}
        onClick={() => changeDraft(draft => ownFile(draft, can))}
      >
        own file
      </button>
      {saved.map(({ name, draft }) => (
        <span className="chip" key={name}>
          <button type="button" className="plain" onClick={() => changeDraft(() => draft)}>
            {name}
          </button>
          <button type="button" className="plain" aria-label={`Remove ${name}`} onClick={() => remove(name)}>
            ×
          </button>
        </span>
      ))}
      <SaveAs />
    </fieldset>
  )
}

function remove(name: string): void {
  const undo = removePreset(name)
  tell(`The preset ${name} is removed.`, '', { title: 'Undo', run: undo })
}

/** Keeps the plan as it stands under a name. */
function SaveAs() {
  const draft = useDraft()
  const [name, setName] = useState<string | null>(null)
  if (name === null) {
    return (
      <button type="button" className="plain" onClick={() => setName('')}>
        Save…
      </button>
    )
  }
  return (
    <form
      className="row"
      onSubmit={event => {
        event.preventDefault()
        if (savePreset(name, draft)) setName(null)
      }}
    >
      <input
        aria-label="Name of the preset"
        placeholder="name"
        value={name}
        maxLength={60}
        // biome-ignore lint/a11y/noAutofocus: the button that had the focus has become this field
        autoFocus
        onChange={event => setName(event.target.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          setName(null)
        }}
      />
      <button type="submit" disabled={name.trim() === ''}>
        Save
      </button>
    </form>
  )
}
