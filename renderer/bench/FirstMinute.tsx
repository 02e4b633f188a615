import type { Capabilities } from '../../contract/target.ts'
import { showableText } from '../../findings/showable.ts'
import { changeDraft } from './draftStore.ts'
import { withPreset } from './presets.ts'
import { runnable } from './schemeChoices.ts'
import { requestStart } from './startRequest.ts'

const simulatedPhone = 'sim:ufs4-phone-2024'

type Props = { readonly known: Capabilities | null; readonly probeFailed: boolean }

/** What there is to see here, and one button that shows it. */
export function FirstMinute({ known, probeFailed }: Props) {
  const start = (targets: readonly string[]) => {
    if (known === null) return
    const can = runnable(
      known.schemes.map(({ scheme }) => scheme),
      known,
    )
    changeDraft(draft => ({ ...withPreset(draft, 'quick', can), targets: [...targets] }))
    requestStart()
  }
  return (
    <section className="live empty">
      <h2>Which way of loading is fastest here?</h2>
      <p>{known === null ? unknownText(probeFailed) : showableText(known)}</p>
      <p className="quiet">
        8, 64 and 256 MiB, each timed cold in shuffled rounds, with overlap and without. Every sample is kept.
      </p>
      <button
        type="button"
        className="primary"
        disabled={known === null}
        onClick={() => start([known?.target ?? 'local'])}
      >
        Show it in half a minute
      </button>
      {known !== null && !known.simulated && (
        <button type="button" className="plain" onClick={() => start([known.target, simulatedPhone])}>
          With the simulated phone beside it
        </button>
      )}
    </section>
  )
}

function unknownText(probeFailed: boolean): string {
  return probeFailed
    ? 'The target could not be looked at; beside this it says why. Choose another target above.'
    : 'Looking at what this machine can do…'
}
