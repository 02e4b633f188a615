import { type Plan, questionOf } from '../../contract/plan.ts'
import type { SchemeId } from '../../contract/schemes.ts'
import { questionNote } from '../../findings/question.ts'
import { sizeText } from '../../findings/words/figureText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { setDraft, useDraft } from './draftStore.ts'

/** What the run is asked first, and another question in its place. Named before the first sample, it is tested alone. */
export function QuestionChoice({ plans }: { plans: readonly Plan[] }) {
  const { question } = useDraft()
  const notes = [...new Set(plans.map(questionNote))]
  const [plan] = plans
  return (
    <>
      {notes.map(note => (
        <p key={note} className="plan-question">
          {keepUnits(note)}
        </p>
      ))}
      {plan !== undefined && plan.tuning === null && plan.schemes.length > 1 && (
        <details className="more">
          <summary>Ask another question</summary>
          <Pickers plan={plan} />
          {question !== null && (
            <button type="button" className="plain" onClick={() => setDraft({ question: null })}>
              Ask what the plan asks by itself
            </button>
          )}
        </details>
      )}
    </>
  )
}

/** Of one plan: what is chosen holds for every target that can run both. */
function Pickers({ plan }: { plan: Plan }) {
  const [first, second] = plan.schemes
  const asked = questionOf(plan)
  const largest = plan.sizesBytes.length === 0 ? null : Math.max(...plan.sizesBytes)
  const candidate = asked?.candidate ?? second
  const baseline = asked?.baseline ?? first
  const bytes = asked?.bytes ?? largest
  if (candidate === undefined || baseline === undefined) return null
  const ask = (changes: Partial<NonNullable<Plan['question']>>) =>
    setDraft({ question: { candidate, baseline, bytes, ...changes } })
  return (
    <div className="fields">
      <SchemeSelect
        label="candidate"
        schemes={plan.schemes.filter(scheme => scheme !== baseline)}
        chosen={candidate}
        onChoose={next => ask({ candidate: next })}
      />
      <SchemeSelect
        label="baseline"
        schemes={plan.schemes.filter(scheme => scheme !== candidate)}
        chosen={baseline}
        onChoose={next => ask({ baseline: next })}
      />
      {plan.sizesBytes.length > 1 && (
        <label className="field">
          <span>size</span>
          <select
            aria-label="Size of the question"
            value={bytes ?? ''}
            onChange={event => ask({ bytes: Number(event.target.value) })}
          >
            {plan.sizesBytes.map(size => (
              <option key={size} value={size}>
                {sizeText(size)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  )
}

type SelectProps = {
  readonly label: string
  readonly schemes: readonly SchemeId[]
  readonly chosen: SchemeId
  readonly onChoose: (scheme: SchemeId) => void
}

function SchemeSelect({ label, schemes, chosen, onChoose }: SelectProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select
        aria-label={`${label} of the question`}
        value={chosen}
        onChange={event => {
          const next = schemes.find(scheme => scheme === event.target.value)
          if (next !== undefined) onChoose(next)
        }}
      >
        {schemes.map(scheme => (
          <option key={scheme}>{scheme}</option>
        ))}
      </select>
    </label>
  )
}
