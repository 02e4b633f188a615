import type { Run } from '../../contract/run.ts'
import { runCeilingText } from '../../findings/words/ceilingText.ts'
import { environmentRows, unprobedText } from '../../findings/words/environmentRows.ts'
import { pairRows } from '../../findings/words/rows.ts'

/** The machine before and after the run; what changed is marked. */
export function EnvironmentTable({ run }: { run: Run }) {
  if (run.capabilities === null) {
    return (
      <section aria-label="Environment">
        <h2>Environment</h2>
        <p className="quiet">{unprobedText}</p>
      </section>
    )
  }
  const after = run.capabilitiesAfter === null ? [] : environmentRows(run.capabilitiesAfter)
  const rows = pairRows(environmentRows(run.capabilities), after)
  return (
    <section aria-label="Environment">
      <h2>Environment</h2>
      <p className="quiet">Ceiling: {runCeilingText(run)}.</p>
      {run.capabilities.notes.map(note => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
      <table className="pairs" aria-label="Environment">
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.what}>
              <th scope="row">{row.what}</th>
              <td className="figures">{row.before ?? '-'}</td>
              <td className="figures">{afterText(row.before, row.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function afterText(before: string | null, after: string | null) {
  if (after === null) return <span className="quiet">not probed</span>
  return after === before ? <span className="quiet">same</span> : <b>{after}</b>
}
