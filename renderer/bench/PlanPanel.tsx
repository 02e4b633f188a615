import type { LabError } from '../../contract/error.ts'
import type { Capabilities } from '../../contract/target.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { FileChoice } from './FileChoice.tsx'
import { OptionFields } from './OptionFields.tsx'
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
      <SizePicker />
      <FileChoice inspection={state.inspection} />
      <OptionFields wrong={state.wrong} />
      <SchemePicker known={known} />
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
  return (
    <p className="estimate" role="status">
      <b>{samples}</b> samples, <b>{sizeText(bytes)}</b> to load
      {state.plans.length > 1 && <> on {state.plans.length} targets</>}
    </p>
  )
}
