import type { LabError } from '../../contract/error.ts'
import type { Capabilities } from '../../contract/target.ts'
import type { PlanNotes } from '../../findings/planNotes.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { FileChoice } from './FileChoice.tsx'
import { OptionFields } from './OptionFields.tsx'
import { PresetBar } from './PresetBar.tsx'
import { QuestionChoice } from './QuestionChoice.tsx'
import { SchemePicker } from './SchemePicker.tsx'
import { SizePicker } from './SizePicker.tsx'
import type { PlanState } from './usePlans.ts'

type Props = {
  readonly state: PlanState
  readonly known: readonly Capabilities[]
  readonly probeErrors: readonly LabError[]
}

export function PlanPanel({ state, known, probeErrors }: Props) {
  return (
    <aside className="side" aria-label="Plan">
      {probeErrors.map(error => (
        <p key={error.message} className="problem" role="alert">
          {error.message}. {error.hint}
        </p>
      ))}
      <PresetBar known={known} />
      <SizePicker />
      <Gathers notes={state.notes} />
      <FileChoice inspection={state.inspection} />
      <OptionFields wrong={state.wrong} />
      <SchemePicker known={known} />
      <QuestionChoice plans={state.plans} />
    </aside>
  )
}

/** What Start would do, or why it cannot. */
export function PlanSummary({ state }: { state: PlanState }) {
  if (state.wrong !== null) {
    return (
      <p className="estimate problem" role="status">
        {state.wrong.message}
      </p>
    )
  }
  const { samples, bytes } = state.estimate
  const [first] = state.notes
  return (
    <p className="estimate" role="status">
      <b>{samples}</b> samples, <b>{sizeText(bytes)}</b> to load
      {state.plans.length > 1 && <> on {state.plans.length} targets</>}
      {first !== undefined && <span className="costs">{keepUnits(first.costs.join(', '))}</span>}
    </p>
  )
}

/** What the gathers and the repeats of the plan can show. */
function Gathers({ notes }: { notes: readonly PlanNotes[] }) {
  const [first] = notes
  if (first === undefined) return null
  const told = [...first.gathers, ...(first.repeats === null ? [] : [first.repeats])]
  return (
    <ul className="notes" aria-label="What this plan can show">
      {told.map(text => (
        <li key={text}>{keepUnits(text)}</li>
      ))}
    </ul>
  )
}
