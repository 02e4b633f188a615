import { memo, useState } from 'react'
import type { LabError } from '../../contract/error.ts'
import type { Calibration } from '../../contract/model.ts'
import type { RunSummary } from '../../contract/run.ts'
import { percentText, sizeText } from '../../findings/words/figureText.ts'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { RunChoice } from '../run/RunChoice.tsx'
import { turn } from './modelStore.ts'

const fewestSizes = 3

type State =
  | { readonly at: 'rest' }
  | { readonly at: 'fitting' }
  | { readonly at: 'fitted'; readonly calibration: Calibration }
  | { readonly at: 'refused'; readonly error: LabError }

/** Makes a profile of the user's own from a measured run, and tells how well it predicts sizes that it has not seen. */
export const CalibratePanel = memo(() => {
  const runs = useLab(state => state.runs)
  const [chosen, setChosen] = useState<number | null>(null)
  const [name, setName] = useState('')
  const [state, setState] = useState<State>({ at: 'rest' })
  const usable = [...(runs?.values() ?? [])].filter(canCalibrate).sort((a, b) => b.id - a.id)
  const runId = chosen ?? usable[0]?.id ?? null
  const calibrate = async () => {
    if (runId === null) return
    setState({ at: 'fitting' })
    const outcome = await lab.profiles.calibrate({ runId, name: name.trim() })
    if (!outcome.ok) {
      setState({ at: 'refused', error: outcome.error })
      return
    }
    setState({ at: 'fitted', calibration: outcome.value })
    turn({ profile: outcome.value.profile.name })
  }
  return (
    <details className="more">
      <summary>Calibrate on a measured run</summary>
      <div className="group">
        {usable.length === 0 ? (
          <p className="hint">
            Measure some schemes at three sizes or more first, such as 8, 64 and 256 MiB.
          </p>
        ) : (
          <>
            <RunChoice label="run" runs={usable} chosen={runId} onChoose={setChosen} />
            <label className="row">
              <span>name</span>
              <input value={name} placeholder="my-phone" onChange={event => setName(event.target.value)} />
            </label>
            <button
              type="button"
              disabled={name.trim() === '' || state.at === 'fitting'}
              onClick={() => void calibrate()}
            >
              {state.at === 'fitting' ? 'Fitting…' : 'Calibrate'}
            </button>
          </>
        )}
        <Outcome state={state} />
      </div>
    </details>
  )
})

function canCalibrate(run: RunSummary): boolean {
  return !run.simulated && run.status !== 'running' && run.sizesBytes.length >= fewestSizes
}

function Outcome({ state }: { state: State }) {
  if (state.at === 'refused') {
    return (
      <p className="problem" role="alert">
        {state.error.message}. {state.error.hint}
      </p>
    )
  }
  if (state.at !== 'fitted') return null
  const { profile, leftOut, warning } = state.calibration
  return (
    <div role="status" className="hint">
      {warning !== '' && <p className="problem">{warning}</p>}
      <p>Kept as {profile.name}. Each size, predicted by a fit to the others, is off on average by:</p>
      <ul className="key">
        {leftOut.map(({ bytes, meanError }) => (
          <li key={bytes}>
            {sizeText(bytes)} <b>{percentText(meanError)}</b>
          </li>
        ))}
      </ul>
    </div>
  )
}
