import type { Capabilities } from '../../contract/target.ts'
import { changeDraft } from './draftStore.ts'
import { presets, withPreset } from './presets.ts'
import { runnable } from './schemeChoices.ts'

/** Plans to begin from; a preset fills in schemes, sizes, gather and repeats. */
export function PresetBar({ known }: { known: readonly Capabilities[] }) {
  const can = known.flatMap(one =>
    runnable(
      one.schemes.map(({ scheme }) => scheme),
      one,
    ),
  )
  return (
    <fieldset className="row" aria-label="Presets">
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
    </fieldset>
  )
}
