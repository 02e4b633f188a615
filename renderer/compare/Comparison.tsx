import { useMemo } from 'react'
import type { Side } from '../../contract/comparison.ts'
import { comparisonSentences } from '../../findings/comparisonSentences.ts'
import { ratioNote } from '../../findings/comparisonText.ts'
import { keepUnits } from '../base/keepUnits.ts'
import { SimBadge } from '../style/SimBadge.tsx'
import { ComparisonTable } from './ComparisonTable.tsx'
import { DifferenceTable } from './DifferenceTable.tsx'
import { RatioChart } from './RatioChart.tsx'
import { useComparison } from './useComparison.ts'

/** The answer, what must be known before it is believed, what else differs, the ratios, and every figure. */
export function Comparison({ sides }: { sides: readonly Side[] }) {
  const { comparison, error, progress } = useComparison(sides)
  const judged = useMemo(
    () => comparison?.rows.filter(row => row.ratios.some(ratio => ratio !== null)) ?? [],
    [comparison],
  )
  if (error !== null && error.kind !== 'cancelled') {
    return (
      <section className="empty" role="alert">
        <h2>These cannot be compared</h2>
        <p>
          {error.message}. {error.hint}
        </p>
      </section>
    )
  }
  if (comparison === null) {
    return (
      <div className="empty" role="status">
        <p>
          {progress === null ? 'Comparing…' : `Comparing: ${progress.done} of ${progress.total} pairs tested`}
        </p>
        {progress !== null && (
          <progress aria-label="Pairs tested" value={progress.done} max={progress.total} />
        )}
      </div>
    )
  }
  const simulated = comparison.sides.some(side => side.simulated)
  const sentences = comparisonSentences(comparison)
  return (
    <div className="scroll stack">
      <div className="answer" data-testid="answer">
        {sentences.map(sentence => (
          <p key={sentence} className={sentences.length === 1 ? 'sentence' : 'sentence of-several'}>
            {simulated && <SimBadge />}
            {keepUnits(sentence)}
          </p>
        ))}
        {comparison.comparisons > 0 && (
          <p className="basis">
            A ratio below 1 means less time than {comparison.sides[0]?.title}. {ratioNote}
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
      <DifferenceTable comparison={comparison} />
      {judged.length > 0 && <RatioChart comparison={comparison} judged={judged} simulated={simulated} />}
      <ComparisonTable comparison={comparison} />
    </div>
  )
}
