import { useEffect, useMemo, useState } from 'react'
import type { RunComparison } from '../../contract/comparison.ts'
import type { LabError } from '../../contract/error.ts'
import { ratioNote } from '../../findings/comparisonText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { lab } from '../lab/lab.ts'
import { useLab } from '../lab/labStore.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { ComparisonTable } from './ComparisonTable.tsx'
import { comparisonSentence } from './comparisonSentence.ts'
import { DifferenceTable } from './DifferenceTable.tsx'
import { RatioChart } from './RatioChart.tsx'

type Props = { readonly baseline: number; readonly candidate: number }
type State = { readonly comparison: RunComparison | null; readonly error: LabError | null }

/** The answer, what must be known before it is believed, the ratios, and what else differs. */
export function Comparison({ baseline, candidate }: Props) {
  const [{ comparison, error }, setState] = useState<State>({ comparison: null, error: null })
  const simulated = useLab(
    state =>
      (state.runs?.get(baseline)?.simulated ?? false) || (state.runs?.get(candidate)?.simulated ?? false),
  )
  useEffect(() => {
    let wanted = true
    void lab.runs.compare({ baseline, candidate }).then(outcome => {
      if (!wanted) return
      setState(
        outcome.ok ? { comparison: outcome.value, error: null } : { comparison: null, error: outcome.error },
      )
    })
    return () => {
      wanted = false
    }
  }, [baseline, candidate])
  const judged = useMemo(() => comparison?.rows.filter(row => row.ratio !== null) ?? [], [comparison])
  if (error !== null) {
    return (
      <section className="empty" role="alert">
        <h2>These runs cannot be compared</h2>
        <p>
          {error.message}. {error.hint}
        </p>
      </section>
    )
  }
  if (comparison === null) return <p className="empty">Comparing…</p>
  return (
    <div className="scroll stack">
      <div className="answer" data-testid="answer">
        <p className="sentence">
          {simulated && <SimBadge />}
          {keepUnits(comparisonSentence(comparison))}
        </p>
        {comparison.comparisons > 0 && (
          <p className="basis">
            A ratio below 1 means that run {candidate} is faster. {ratioNote}
          </p>
        )}
      </div>
      {comparison.warnings.length > 0 && (
        <ul className="warnings" aria-label="Know this first">
          {comparison.warnings.map(warning => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {judged.length > 0 && <RatioChart comparison={comparison} judged={judged} simulated={simulated} />}
      <ComparisonTable comparison={comparison} />
      <DifferenceTable comparison={comparison} />
    </div>
  )
}
